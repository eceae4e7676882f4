# Gives the imported target kwass::kwass.
get_filename_component(_kwass_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
if(NOT TARGET kwass::kwass)
  add_library(kwass::kwass SHARED IMPORTED)
  set_target_properties(kwass::kwass PROPERTIES
    IMPORTED_LOCATION "${_kwass_prefix}/lib/libkwass.so.1"
    IMPORTED_SONAME "libkwass.so.1"
    INTERFACE_INCLUDE_DIRECTORIES "${_kwass_prefix}/include")
endif()
unset(_kwass_prefix)
