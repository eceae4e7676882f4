#pragma once
#include <errno.h>
#include <hdf5.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
// Drivers moved to a header of their own in version 1.13.
#if defined(__has_include)
#if __has_include(<H5FDdevelop.h>)
#include <H5FDdevelop.h>
#endif
#endif

/// Where a file is written to, and the number of the first error of the system.
struct hdf5_sink {
  int file, error;
};

// A driver of libhdf5 that writes to an open file. libhdf5 cannot close a file to which it failed to
// write, and crashes at the end of the process over it. So the driver keeps an error to itself.

struct hdf5_sink_file {
  H5FD_t common;
  struct hdf5_sink *sink;
  haddr_t allocated, end;
};

static inline H5FD_t *hdf5_sink_open(
    const char *name, unsigned flags, hid_t access, haddr_t largest) {
  (void)name, (void)flags, (void)largest;
  struct hdf5_sink *const *sink = (struct hdf5_sink *const *)H5Pget_driver_info(access);
  struct hdf5_sink_file *file = (struct hdf5_sink_file *)calloc(1, sizeof *file);
  if (file && sink) file->sink = *sink;
  return (H5FD_t *)file;
}

static inline herr_t hdf5_sink_close(H5FD_t *file) {
  free(file);
  return 0;
}

static inline herr_t hdf5_sink_query(const H5FD_t *file, unsigned long *flags) {
  (void)file;
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
           H5FD_FEAT_AGGREGATE_SMALLDATA;
  return 0;
}

static inline haddr_t hdf5_sink_allocated(const H5FD_t *file, H5FD_mem_t type) {
  (void)type;
  return ((const struct hdf5_sink_file *)file)->allocated;
}

static inline herr_t hdf5_sink_allocate(H5FD_t *file, H5FD_mem_t type, haddr_t size) {
  (void)type;
  ((struct hdf5_sink_file *)file)->allocated = size;
  return 0;
}

static inline haddr_t hdf5_sink_end(const H5FD_t *file, H5FD_mem_t type) {
  (void)type;
  return ((const struct hdf5_sink_file *)file)->end;
}

static inline herr_t hdf5_sink_read(
    H5FD_t *base, H5FD_mem_t type, hid_t transfer, haddr_t place, size_t count, void *into) {
  (void)type, (void)transfer;
  struct hdf5_sink_file *file = (struct hdf5_sink_file *)base;
  char *rest = (char *)into;
  while (count > 0 && !file->sink->error) {
    ssize_t done = pread(file->sink->file, rest, count, (off_t)place);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) file->sink->error = errno;
    if (done <= 0) break;
    rest += done, place += (haddr_t)done, count -= (size_t)done;
  }
  memset(rest, 0, count);
  return 0;
}

static inline herr_t hdf5_sink_write(
    H5FD_t *base, H5FD_mem_t type, hid_t transfer, haddr_t place, size_t count, const void *from) {
  (void)type, (void)transfer;
  struct hdf5_sink_file *file = (struct hdf5_sink_file *)base;
  const char *rest = (const char *)from;
  if (place + count > file->end) file->end = place + count;
  while (count > 0 && !file->sink->error) {
    ssize_t done = pwrite(file->sink->file, rest, count, (off_t)place);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) {
      file->sink->error = done < 0 ? errno : EIO;
      break;
    }
    rest += done, place += (haddr_t)done, count -= (size_t)done;
  }
  return 0;
}

static inline herr_t hdf5_sink_truncate(H5FD_t *base, hid_t transfer, hbool_t is_closing) {
  (void)transfer, (void)is_closing;
  struct hdf5_sink_file *file = (struct hdf5_sink_file *)base;
  if (file->end != file->allocated && !file->sink->error &&
      ftruncate(file->sink->file, (off_t)file->allocated) != 0)
    file->sink->error = errno;
  file->end = file->allocated;
  return 0;
}

static inline hid_t hdf5_sink_driver(void) {
  static const H5FD_class_t driver = {
#ifdef H5FD_CLASS_VERSION
      .version = H5FD_CLASS_VERSION,
      // Of the numbers that are not given to anybody.
      .value = (H5FD_class_value_t)1024,
#endif
      .name = "kwass",
      .maxaddr = ((haddr_t)1 << 62),
      .fc_degree = H5F_CLOSE_WEAK,
      .fapl_size = sizeof(struct hdf5_sink *),
      .open = hdf5_sink_open,
      .close = hdf5_sink_close,
      .query = hdf5_sink_query,
      .get_eoa = hdf5_sink_allocated,
      .set_eoa = hdf5_sink_allocate,
      .get_eof = hdf5_sink_end,
      .read = hdf5_sink_read,
      .write = hdf5_sink_write,
      .truncate = hdf5_sink_truncate,
      .fl_map = H5FD_FLMAP_DICHOTOMY,
  };
  return H5FDregister(&driver);
}

/// Creates a file that is written to a sink, which must live longer.
static inline hid_t hdf5_create(struct hdf5_sink *sink) {
  hid_t driver = hdf5_sink_driver();
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  hid_t properties = H5Pcreate(H5P_FILE_CREATE);
  H5Pset_obj_track_times(properties, 0);
  hid_t file = -1;
  if (driver >= 0 && H5Pset_driver(access, driver, &sink) >= 0)
    file = H5Fcreate("sink", H5F_ACC_TRUNC, properties, access);
  H5Pclose(properties);
  H5Pclose(access);
  if (driver >= 0) H5FDunregister(driver);
  return file;
}
