#pragma once
// The one interface under the typed operations: a connection to either engine, statements with $1, $2 …, rows as cells.
//
// A cell does not own its bytes: bound cells look into the caller's rows, read cells are good until the callback
// returns. What the database refuses is thrown as Failure, because an operation of Snapshot has nothing sensible to
// return then; the writer and the readers turn it into the Fault that the caller sees.
#include <cstdint>
#include <exception>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.hpp"

namespace waymark::store {

class Failure final : public std::exception {
public:
    enum class Cause {
        refused,    // this statement cannot be done (a constraint, a value)
        contended,  // serialisation failed or deadlock: the transaction may be tried again
        broken,     // the connection or the transaction is lost; nothing was kept
        uncertain,  // at COMMIT: it may or may not have been kept
        poisoned,   // a sync failed: nothing written afterwards could be trusted
    };
    Failure(Cause why, Fault what) : cause(why), fault(std::move(what)) {}
    [[nodiscard]] const char* what() const noexcept override { return fault.reason.c_str(); }
    Cause cause;
    Fault fault;
};

enum class Type : std::uint8_t { small, integer, whole, real, text, blob };  // smallint, integer, bigint, double …

struct Cell {
    Type type = Type::whole;
    bool null = false;
    std::int64_t whole = 0;
    double real = 0;
    std::string_view bytes;
};

Cell cell(std::int64_t);
Cell cell(double);
Cell cell(std::string_view text);
Cell cell(ByteView blob);
inline Cell cell(int v) {
    return cell(std::int64_t{v});
}
inline Cell cell(std::int16_t v) {
    return cell(std::int64_t{v});
}
inline Cell cell(std::size_t v) {
    return cell(static_cast<std::int64_t>(v));
}
inline Cell cell(const std::string& text) {
    return cell(std::string_view{text});
}
inline Cell cell(const Bytes& blob) {
    return cell(ByteView{blob});
}
inline Cell cell(const std::array<std::uint8_t, 32>& blob) {
    return cell(ByteView{blob});
}
inline Cell cell(Instant t) {
    return cell(t.micros);
}
template <class Tag>
Cell cell(const Id<Tag>& id) {
    return cell(ByteView{id.value.octets});
}
// The same, but a nil id is NULL.
template <class Tag>
Cell cell_or_null(const Id<Tag>& id) {
    Cell c = cell(id);
    c.null = id.is_nil();
    return c;
}
Cell cell_or_null(const std::optional<Instant>&);

using Cells = std::vector<Cell>;
using CellView = std::span<const Cell>;

// Takes the cells of a read row from left to right.
class Columns {
public:
    explicit Columns(CellView row) : row_(row) {}
    std::int64_t whole() { return next().whole; }
    bool flag() { return next().whole != 0; }
    double real() { return next().real; }
    std::string text() { return std::string(next().bytes); }
    Bytes blob();
    Instant instant() { return Instant{next().whole}; }
    std::optional<Instant> instant_or_null();
    std::array<std::uint8_t, 32> block();
    template <class T>
    T id() {
        T out;
        copy_to(out.value.octets);
        return out;
    }

private:
    const Cell& next();
    void copy_to(std::span<std::uint8_t>);
    CellView row_;
    std::size_t at_ = 0;
};

struct Column {
    const char* name;
    Type type;
};
// A table as insert_many sees it. A numbered table has the column `position` after `partnership`, given by the engine
// in the order of insertion; a Fill then leaves it out.
struct Table {
    const char* name;
    std::span<const Column> columns;
    bool numbered = false;
};

using OnRow = std::function<void(CellView)>;
using OnEach = std::function<void(std::size_t index, CellView)>;
using Fill = std::function<void(std::size_t index, Cells&)>;
using Until = std::function<bool(CellView)>;

enum class Isolation { read, write };

class Connection {
public:
    virtual ~Connection() = default;
    [[nodiscard]] virtual Engine engine() const = 0;

    virtual void exec(const std::string& script) = 0;  // statements without parameters
    // One statement; the rows it changed.
    virtual std::int64_t run(std::string_view sql, CellView, const OnRow& = {}) = 0;
    std::int64_t run(std::string_view sql, std::initializer_list<Cell> cells, const OnRow& on_row = {}) {
        return run(sql, CellView{cells.begin(), cells.size()}, on_row);
    }
    // As run, but with bounded memory, until the visitor returns false; other statements may run meanwhile.
    virtual void stream(std::string_view sql, CellView, const Until&) = 0;
    void stream(std::string_view sql, std::initializer_list<Cell> cells, const Until& until) {
        stream(sql, CellView{cells.begin(), cells.size()}, until);
    }
    // One statement `count` times (PostgreSQL: in pipeline mode); the rows it changed in all.
    virtual std::int64_t run_many(std::string_view sql, std::size_t count, const Fill&, const OnEach& = {}) = 0;
    virtual void insert_many(const Table&, std::size_t count, const Fill&) = 0;

    virtual void begin(Isolation) = 0;
    virtual void commit() = 0;
    virtual void rollback() noexcept = 0;
    virtual void savepoint() = 0;
    virtual void release() = 0;
    virtual void rollback_to_savepoint() = 0;
    [[nodiscard]] virtual bool in_transaction() const = 0;
    [[nodiscard]] virtual bool is_broken() const = 0;
    // From another thread: makes a call that waits for the network end. Only for shutting down.
    virtual void interrupt() noexcept {}
    // From another thread: the statement that runs, and every one until the transaction ends, is refused as
    // `unavailable`.
    virtual void give_up() noexcept {}
};

}  // namespace waymark::store
