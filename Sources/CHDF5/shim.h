// libhdf5 names its constants by macros, which Swift does not import.
#include <hdf5.h>

#include "SinkDriver.h"

/// What libhdf5 does with its messages in this thread.
struct hdf5_messages {
  H5E_auto2_t print;
  void *data;
};

/// Keeps libhdf5 from printing messages, and returns what it did with them before.
static inline struct hdf5_messages hdf5_silence(void) {
  struct hdf5_messages before = {NULL, NULL};
  H5Eget_auto2(H5E_DEFAULT, &before.print, &before.data);
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  return before;
}

static inline void hdf5_restore(struct hdf5_messages messages) {
  H5Eset_auto2(H5E_DEFAULT, messages.print, messages.data);
}

static inline hid_t hdf5_open(const char *path) {
  return H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
}

/// Opens the bytes of a file, which are copied.
static inline hid_t hdf5_open_bytes(const void *bytes, size_t count) {
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  hid_t file = -1;
  if (H5Pset_fapl_core(access, 1 << 20, 0) >= 0 &&
      H5Pset_file_image(access, (void *)bytes, count) >= 0)
    file = H5Fopen("bytes", H5F_ACC_RDONLY, access);
  H5Pclose(access);
  return file;
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

static inline int hdf5_is_number(hid_t type) {
  H5T_class_t kind = H5Tget_class(type);
  return kind == H5T_INTEGER || kind == H5T_FLOAT;
}

static inline int hdf5_is_integer(hid_t type) { return H5Tget_class(type) == H5T_INTEGER; }
static inline int hdf5_is_signed(hid_t type) { return H5Tget_sign(type) == H5T_SGN_2; }

static inline int hdf5_is_text(hid_t type) { return H5Tget_class(type) == H5T_STRING; }
static inline int hdf5_is_chunked(hid_t properties) {
  return H5Pget_layout(properties) == H5D_CHUNKED;
}
static inline int hdf5_has_external_data(hid_t properties) {
  return H5Pget_external_count(properties) != 0 || H5Pget_layout(properties) == H5D_VIRTUAL;
}

/// Reads all numbers of a dataset, or with a start that is not negative those of so many rows: of so many
/// places along its first dimension.
static inline int hdf5_read(hid_t set, hid_t type, long long start, long long rows, void *into) {
  if (start < 0) return H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, into) >= 0;
  hid_t space = H5Dget_space(set);
  hsize_t sizes[2] = {0, 1};
  int rank = H5Sget_simple_extent_ndims(space);
  int is_read = 0;
  if ((rank == 1 || rank == 2) && H5Sget_simple_extent_dims(space, sizes, NULL) == rank) {
    hsize_t first[2] = {(hsize_t)start, 0};
    hsize_t count[2] = {(hsize_t)rows, sizes[1]};
    hsize_t all = count[0] * count[1];
    hid_t memory = H5Screate_simple(1, &all, NULL);
    is_read = H5Sselect_hyperslab(space, H5S_SELECT_SET, first, NULL, count, NULL) >= 0 &&
              H5Dread(set, type, memory, space, H5P_DEFAULT, into) >= 0;
    H5Sclose(memory);
  }
  H5Sclose(space);
  return is_read;
}

static inline int hdf5_read_doubles(hid_t set, long long start, long long rows, double *into) {
  return hdf5_read(set, H5T_NATIVE_DOUBLE, start, rows, into);
}

static inline int hdf5_read_words(hid_t set, long long start, long long rows, uint64_t *into) {
  return hdf5_read(set, H5T_NATIVE_UINT64, start, rows, into);
}

static inline int hdf5_read_signed_words(
    hid_t set, long long start, long long rows, int64_t *into) {
  return hdf5_read(set, H5T_NATIVE_INT64, start, rows, into);
}

/// How the numbers of a chunk are stored that its reader unpacks itself.
enum hdf5_packed_type {
  hdf5_packed_none,
  hdf5_packed_float,
  hdf5_packed_double,
  hdf5_packed_int32,
};

/// What is to be done with the bytes of the chunks of a dataset of one dimension.
struct hdf5_packing {
  enum hdf5_packed_type type;
  int is_shuffled;
  size_t chunk_count;
};

/// How a dataset of one dimension is packed, whose chunks are deflated and maybe shuffled before; of no type for
/// every other one.
static inline struct hdf5_packing hdf5_packing_of(hid_t set) {
  struct hdf5_packing packing = {hdf5_packed_none, 0, 0};
  hid_t properties = H5Dget_create_plist(set);
  hid_t type = H5Dget_type(set);
  hsize_t chunk = 0;
  if (properties >= 0 && type >= 0 && H5Pget_layout(properties) == H5D_CHUNKED &&
      H5Pget_chunk(properties, 1, &chunk) == 1) {
    int filters = H5Pget_nfilters(properties);
    int is_known = filters == 1 || filters == 2;
    for (int index = 0; index < filters && is_known; index++) {
      unsigned flags = 0, config = 0;
      size_t values = 0;
      H5Z_filter_t filter = H5Pget_filter2(
          properties, (unsigned)index, &flags, &values, NULL, 0, NULL, &config);
      if (filter == H5Z_FILTER_SHUFFLE && index == 0 && filters == 2)
        packing.is_shuffled = 1;
      else
        is_known = filter == H5Z_FILTER_DEFLATE && index == filters - 1 &&
                   (filters == 1 || packing.is_shuffled);
    }
    packing.chunk_count = (size_t)chunk;
    if (is_known && H5Tequal(type, H5T_IEEE_F32LE) > 0) packing.type = hdf5_packed_float;
    if (is_known && H5Tequal(type, H5T_IEEE_F64LE) > 0) packing.type = hdf5_packed_double;
    if (is_known && H5Tequal(type, H5T_STD_I32LE) > 0) packing.type = hdf5_packed_int32;
  }
  if (type >= 0) H5Tclose(type);
  if (properties >= 0) H5Pclose(properties);
  return packing;
}

/// The bytes that the chunk with a place of a dataset of one dimension takes in the file; 0 where there is none, or
/// one that some filter has left out.
static inline size_t hdf5_packed_size(hid_t set, unsigned long long place) {
  hsize_t offset = place, size = 0;
  unsigned left_out = 0;
  haddr_t address = HADDR_UNDEF;
  if (H5Dget_chunk_info_by_coord(set, &offset, &left_out, &address, &size) < 0) return 0;
  return address == HADDR_UNDEF || left_out != 0 ? 0 : (size_t)size;
}

/// Reads the bytes of a chunk as they stand in the file.
static inline int hdf5_read_packed(hid_t set, unsigned long long place, void *into) {
  hsize_t offset = place;
  uint32_t left_out = 0;
  return H5Dread_chunk(set, H5P_DEFAULT, &offset, &left_out, into) >= 0 && left_out == 0;
}

static inline int hdf5_read_attribute(hid_t attribute, double *into) {
  return H5Aread(attribute, H5T_NATIVE_DOUBLE, into) >= 0;
}

// Writing. Objects bear no times, so that the same contents give the same bytes.

static inline hid_t hdf5_type_double(void) { return H5T_IEEE_F64LE; }
static inline hid_t hdf5_type_word(void) { return H5T_STD_U64LE; }
static inline hid_t hdf5_type_halfword(void) { return H5T_STD_U32LE; }

static inline hid_t hdf5_type_text(size_t size) {
  hid_t type = H5Tcopy(H5T_C_S1);
  if (type >= 0) {
    H5Tset_size(type, size);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
  }
  return type;
}

/// Writes what libhdf5 still keeps in memory, and closes the file.
static inline int hdf5_finish(hid_t file) {
  int is_written = H5Fflush(file, H5F_SCOPE_GLOBAL) >= 0;
  return H5Fclose(file) >= 0 && is_written;
}

static inline hid_t hdf5_create_group(hid_t parent, const char *name) {
  hid_t properties = H5Pcreate(H5P_GROUP_CREATE);
  H5Pset_obj_track_times(properties, 0);
  hid_t group = H5Gcreate2(parent, name, H5P_DEFAULT, properties, H5P_DEFAULT);
  H5Pclose(properties);
  return group;
}

static inline hid_t hdf5_create_dataset(hid_t parent, const char *name, hid_t type, hid_t space) {
  hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_obj_track_times(properties, 0);
  H5Pset_fill_time(properties, H5D_FILL_TIME_NEVER);
  hid_t set = H5Dcreate2(parent, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
  H5Pclose(properties);
  return set;
}

static inline hid_t hdf5_create_attribute(hid_t object, const char *name, hid_t type, hid_t space) {
  return H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
}

/// Writes so many numbers of a dataset of one dimension from a place on.
static inline int hdf5_write_some_doubles(
    hid_t set, long long start, long long count, const double *from) {
  hid_t space = H5Dget_space(set);
  hsize_t first = (hsize_t)start, all = (hsize_t)count;
  hid_t memory = H5Screate_simple(1, &all, NULL);
  int is_written =
      H5Sselect_hyperslab(space, H5S_SELECT_SET, &first, NULL, &all, NULL) >= 0 &&
      H5Dwrite(set, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, from) >= 0;
  H5Sclose(memory);
  H5Sclose(space);
  return is_written;
}

static inline int hdf5_write_doubles(hid_t set, const double *from) {
  return H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, from) >= 0;
}

static inline int hdf5_write_words(hid_t set, const uint64_t *from) {
  return H5Dwrite(set, H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, from) >= 0;
}
