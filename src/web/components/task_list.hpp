#pragma once
// GOV.UK task list: what is to be done, each with its state.
#include <optional>
#include <string>
#include <vector>

#include "web/components/tag.hpp"
#include "web/html.hpp"

namespace waymark::web {

struct TaskStatus {
    Html text{};
    std::optional<TagOptions> tag{};  // instead of the text
    std::string classes{};
};

struct TaskListItem {
    Html title{};
    std::string href{};
    Html hint{};
    TaskStatus status{};
    std::string title_classes{};
    std::string classes{};
    bool when = true;  // false leaves it out, and the ids of the others as they were
};

struct TaskListOptions {
    std::vector<TaskListItem> items{};
    std::string id_prefix = "task-list";
    std::string classes{};
    Attributes attributes{};
};

Html task_list(const TaskListOptions&);

}  // namespace waymark::web
