// libhdf5 names its constants by macros, which Swift does not import.
#include <errno.h>
#include <hdf5.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static inline void hdf5_silence(void) { H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }

/// Splits off a copy of the process, which is killed after a number of seconds. Returns 0 in the copy,
/// its number in the original, and -1 when there is none.
static inline int hdf5_split(unsigned seconds) {
  int process = fork();
  if (process == 0) {
    const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGALRM};
    for (size_t index = 0; index < sizeof signals / sizeof *signals; index++)
      signal(signals[index], SIG_DFL);
    // glibc names what it finds before it aborts.
    close(STDERR_FILENO);
    alarm(seconds);
  }
  return process;
}

/// Whether a split-off process came to its end by itself.
static inline int hdf5_has_survived(int process) {
  int status = 0;
  pid_t found;
  do { found = waitpid(process, &status, 0); } while (found < 0 && errno == EINTR);
  return found != process || WIFEXITED(status);
}

static inline void hdf5_leave(void) { _exit(0); }

static inline hid_t hdf5_open(const char *path) {
  return H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
}

static inline hid_t hdf5_create(const char *path) {
  return H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
}

static inline hid_t hdf5_open_object(hid_t parent, const char *name) {
  return H5Oopen(parent, name, H5P_DEFAULT);
}

static inline int hdf5_has_link(hid_t parent, const char *name) {
  return H5Lexists(parent, name, H5P_DEFAULT) > 0;
}

/// Whether a name leads to an object of the same file, and not through another file.
static inline int hdf5_is_local(hid_t parent, const char *name) {
  H5L_info_t info;
  return H5Lget_info(parent, name, &info, H5P_DEFAULT) >= 0 &&
         (info.type == H5L_TYPE_HARD || info.type == H5L_TYPE_SOFT);
}

static inline int hdf5_is_group(hid_t object) { return H5Iget_type(object) == H5I_GROUP; }
static inline int hdf5_is_dataset(hid_t object) { return H5Iget_type(object) == H5I_DATASET; }

static inline long long hdf5_link_count(hid_t group) {
  H5G_info_t info;
  return H5Gget_info(group, &info) < 0 ? -1 : (long long)info.nlinks;
}

static inline long hdf5_link_name(hid_t group, long long index, char *name, size_t size) {
  return (long)H5Lget_name_by_idx(
      group, ".", H5_INDEX_NAME, H5_ITER_NATIVE, (hsize_t)index, name, size, H5P_DEFAULT);
}

static inline hid_t hdf5_create_group(hid_t parent, const char *name) {
  return H5Gcreate2(parent, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
}

static inline hid_t hdf5_create_doubles(hid_t parent, const char *name, unsigned long long count) {
  hsize_t size = count;
  hid_t space = H5Screate_simple(1, &size, NULL);
  hid_t set = H5Dcreate2(
      parent, name, H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  H5Sclose(space);
  return set;
}

static inline int hdf5_is_number(hid_t type) {
  H5T_class_t kind = H5Tget_class(type);
  return kind == H5T_INTEGER || kind == H5T_FLOAT;
}

static inline int hdf5_is_text(hid_t type) { return H5Tget_class(type) == H5T_STRING; }
static inline int hdf5_is_chunked(hid_t properties) {
  return H5Pget_layout(properties) == H5D_CHUNKED;
}
static inline int hdf5_has_external_data(hid_t properties) {
  return H5Pget_external_count(properties) != 0 || H5Pget_layout(properties) == H5D_VIRTUAL;
}

static inline int hdf5_read_doubles(hid_t set, double *into) {
  return H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, into) >= 0;
}

static inline int hdf5_write_doubles(hid_t set, const double *from) {
  return H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, from) >= 0;
}

static inline int hdf5_read_attribute(hid_t attribute, double *into) {
  return H5Aread(attribute, H5T_NATIVE_DOUBLE, into) >= 0;
}

/// Writes an attribute: one number when `rank` is 0, else a list of `count` numbers.
static inline int hdf5_write_attribute(
    hid_t object, const char *name, int rank, const double *from, unsigned long long count,
    int as_integer) {
  hsize_t size = count;
  hid_t space = rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &size, NULL);
  hid_t attribute = H5Acreate2(
      object, name, as_integer ? H5T_STD_U64LE : H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT);
  int done = attribute >= 0 && H5Awrite(attribute, H5T_NATIVE_DOUBLE, from) >= 0;
  if (attribute >= 0) H5Aclose(attribute);
  H5Sclose(space);
  return done;
}

static inline int hdf5_write_text(hid_t object, const char *name, const char *text, size_t size) {
  hid_t type = H5Tcopy(H5T_C_S1);
  hid_t space = H5Screate(H5S_SCALAR);
  int done = 0;
  if (H5Tset_size(type, size) >= 0) {
    hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    done = attribute >= 0 && H5Awrite(attribute, type, text) >= 0;
    if (attribute >= 0) H5Aclose(attribute);
  }
  H5Sclose(space);
  H5Tclose(type);
  return done;
}

/// Writes an attribute that holds a list of texts, `size` bytes each.
static inline int hdf5_write_texts(
    hid_t object, const char *name, const char *texts, size_t size, unsigned long long count) {
  hsize_t extent = count;
  hid_t type = H5Tcopy(H5T_C_S1);
  hid_t space = H5Screate_simple(1, &extent, NULL);
  int done = 0;
  if (H5Tset_size(type, size) >= 0) {
    hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    done = attribute >= 0 && H5Awrite(attribute, type, texts) >= 0;
    if (attribute >= 0) H5Aclose(attribute);
  }
  H5Sclose(space);
  H5Tclose(type);
  return done;
}
