# Headers of the libraries that most rooms use, parsed once instead of in every file, where WAYMARK_TOGETHER is on (the
# release preset). The other presets compile without them, so a file that forgets one of its own includes is found there.
set(WAYMARK_LIBRARY_HEADERS
  <algorithm> <array> <atomic> <charconv> <chrono> <filesystem> <fstream> <functional> <map> <memory> <mutex> <optional>
  <set> <span> <sstream> <string> <string_view> <thread> <unordered_map> <utility> <vector>
  <tl/expected.hpp> <fmt/format.h> <boost/json.hpp>)

# The first room with that need makes the precompiled header, the rooms above take it from there.
function(waymark_precompiled target)
  if(NOT WAYMARK_TOGETHER)
    return()
  endif()
  if(target STREQUAL "waymark_base")
    target_precompile_headers(${target} PRIVATE ${WAYMARK_LIBRARY_HEADERS})
  else()
    target_precompile_headers(${target} REUSE_FROM waymark_base)
  endif()
endfunction()

# What every test program is built with. Little optimisation: half the time to build, and no test measures time.
function(waymark_test_flags target)
  target_compile_definitions(${target} PRIVATE DOCTEST_CONFIG_SUPER_FAST_ASSERTS)
  target_include_directories(${target} PRIVATE "${CMAKE_SOURCE_DIR}/tests")
  target_compile_definitions(${target} PRIVATE WAYMARK_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    target_compile_options(${target} PRIVATE -O1)
  endif()
  if(WAYMARK_TOGETHER AND NOT target STREQUAL "waymark_test_headers")
    target_precompile_headers(${target} REUSE_FROM waymark_test_headers)
  endif()
endfunction()

# One main for all test programs, and the headers that they share, parsed once.
function(waymark_test_support)
  add_library(waymark_test_main OBJECT "${CMAKE_SOURCE_DIR}/tests/support/doctest_main.cpp")
  add_library(waymark_test_headers OBJECT "${CMAKE_SOURCE_DIR}/tests/support/test_headers.cpp")
  target_link_libraries(waymark_test_headers PRIVATE waymark_base waymark_flags rapidcheck)
  waymark_test_flags(waymark_test_headers)
  if(WAYMARK_TOGETHER)
    target_precompile_headers(waymark_test_headers PRIVATE ${WAYMARK_LIBRARY_HEADERS} <doctest/doctest.h> <rapidcheck.h>)
  endif()
endfunction()
