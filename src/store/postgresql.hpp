#pragma once
// One PostgreSQL connection through libpq.
#include <memory>
#include <string>

#include "store/sql.hpp"

namespace waymark::store {

enum class PostgresqlRole { writer, reader };

class PostgresqlConnection {
public:
    static Result<std::unique_ptr<Connection>> open(const Address&, PostgresqlRole, const Options&);
};

}  // namespace waymark::store
