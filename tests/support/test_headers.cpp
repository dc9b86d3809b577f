// Owns the precompiled header of the test programs: a header needs one file that is compiled with it.
#include <doctest/doctest.h>
#include <rapidcheck.h>
