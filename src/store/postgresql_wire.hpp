#pragma once
// Values in PostgreSQL's binary form: parameters, result columns, and the rows of COPY … (FORMAT binary).
#include <libpq-fe.h>

#include <array>
#include <deque>
#include <string>
#include <vector>

#include "store/sql.hpp"

namespace waymark::store {

// The parameters of one execution. Looks into the cells, which must outlive it.
class WireParameters {
public:
    void set(CellView);
    [[nodiscard]] int count() const { return static_cast<int>(values_.size()); }
    [[nodiscard]] const Oid* types() const { return types_.data(); }
    [[nodiscard]] const char* const* values() const { return values_.data(); }
    [[nodiscard]] const int* lengths() const { return lengths_.data(); }
    [[nodiscard]] const int* formats() const { return formats_.data(); }

private:
    std::vector<Oid> types_;
    std::vector<const char*> values_;
    std::vector<int> lengths_;
    std::vector<int> formats_;
    std::vector<std::array<char, 8>> numbers_;
};

// Row `row` of a binary result; the cells look into it.
void read_wire_row(const PGresult*, int row, Cells& out);

// Rows for COPY FROM STDIN (FORMAT binary), PostgreSQL manual, "COPY", binary format.
void append_copy_header(std::string& out);
void append_copy_row(std::string& out, std::span<const Column>, CellView);
void append_copy_trailer(std::string& out);

}  // namespace waymark::store
