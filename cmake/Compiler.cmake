# Language level, warnings, sanitizers, and the build accelerators that are used where present.
option(WAYMARK_TESTS "Build the tests" ON)
option(WAYMARK_BENCH "Build the benchmarks" OFF)
option(WAYMARK_FUZZ "Build the fuzz targets (clang only)" OFF)
option(WAYMARK_TOGETHER "Parse the library headers once for all rooms, and compile a room's files a few at a time \
(twice as quick; hides a missing include)" OFF)
set(WAYMARK_SANITIZE "" CACHE STRING "address,undefined | thread | fuzzer | empty")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)
set(CMAKE_UNITY_BUILD ${WAYMARK_TOGETHER})
# More at a time builds the whole sooner and a change of one file later.
set(CMAKE_UNITY_BUILD_BATCH_SIZE 4)
# -O2 builds faster than -O3; the hot loops (hashing, SQL, parsing) lie in libraries.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
# The sanitizers' builds: lines enough for a trace, in half the time that full debugging information takes.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")
# No module scanning and no IPO: a one-file change must link in seconds.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # Sloppiness: without these two ccache declines whatever uses a precompiled header.
  set(ccache "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${CCACHE_PROGRAM}")
  set(CMAKE_C_COMPILER_LAUNCHER ${ccache})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${ccache})
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()

add_library(waymark_flags INTERFACE)
target_compile_options(waymark_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -Wimplicit-fallthrough -Werror -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 warns of uninitialised and restrict overlaps inside its own library when optimising.
  # It takes the files that are compiled together for headers, whose types may have no part of one file's own.
  if(WAYMARK_TOGETHER)
    target_compile_options(waymark_flags INTERFACE -Wno-subobject-linkage)
  endif()
  target_compile_options(waymark_flags INTERFACE -Wno-maybe-uninitialized -Wno-restrict -Wno-dangling-pointer -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds -Wno-free-nonheap-object)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(waymark_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong)
endif()

if(WAYMARK_SANITIZE STREQUAL "address,undefined")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
elseif(WAYMARK_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread -Wno-tsan)
  add_link_options(-fsanitize=thread)
elseif(WAYMARK_SANITIZE STREQUAL "fuzzer")
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
endif()
