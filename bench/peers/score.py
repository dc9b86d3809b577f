#!/usr/bin/env python3
"""One scorer for every tool: score.py SET INPUTS OUT, from the pairs, links and clusters it wrote. Prints JSON.

Pairs count whether a tool links or only offers them; best F1 and the recalls are over their weights, pairs of one
weight together. `linked` is what the tool itself would link at its own threshold.
"""
import json
import pathlib
import sys

import numpy
import pandas

import sets


def choose2(counts):
    counts = counts.astype("int64")
    return int((counts * (counts - 1) // 2).sum())


def read(path):
    return pandas.read_csv(path, dtype={"id_l": str, "id_r": str, "id": str, "cluster": str}, keep_default_na=False)


def same_entity(pairs, truth):
    return truth.loc[pairs["id_l"]].to_numpy() == truth.loc[pairs["id_r"]].to_numpy()


def f1(precision, recall):
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def over_weights(pairs, right, true_pairs):
    if pairs.empty:
        return {"best_f1": 0.0, "recall_at_99": 0.0, "recall_at_999": 0.0}
    weight = pairs["match_weight"].to_numpy(dtype=float)
    order = numpy.argsort(-weight, kind="stable")
    weight, right = weight[order], right[order]
    last_of_weight = numpy.append(weight[1:] != weight[:-1], True)
    found = numpy.cumsum(right)[last_of_weight]
    taken = numpy.arange(1, len(right) + 1)[last_of_weight]
    precision, recall = found / taken, found / true_pairs
    measure = 2 * found / (taken + true_pairs)
    best = int(numpy.argmax(measure))
    return {"best_f1": float(measure[best]), "best_p": float(precision[best]), "best_r": float(recall[best]),
            "best_weight": float(weight[last_of_weight][best]),
            "recall_at_99": float(recall[precision >= 0.99].max(initial=0.0)),
            "recall_at_999": float(recall[precision >= 0.999].max(initial=0.0))}


def twins(linked, right, records):
    """Linked wrongly: family name, birth date and postcode are the same and there, and it is another child."""
    wrong = linked[~right]
    household = [field for field, kind in sets.CHILDREN.items() if kind in ("family_name", "date_of_birth", "postcode")]
    l, r = records.loc[wrong["id_l"], household].to_numpy(), records.loc[wrong["id_r"], household].to_numpy()
    return int(((l == r) & (l != "")).all(axis=1).sum()) if len(wrong) else 0


def clusters(path, truth):
    groups = read(path)
    both = pandas.DataFrame({"cluster": groups["cluster"].to_numpy(), "truth": truth.loc[groups["id"]].to_numpy()})
    together = choose2(both.groupby(["cluster", "truth"]).size().to_numpy())
    in_clusters = choose2(both.groupby("cluster").size().to_numpy())
    precision = together / in_clusters if in_clusters else 1.0
    recall = together / choose2(truth.value_counts().to_numpy())
    return {"cluster_p": precision, "cluster_r": recall, "cluster_f1": f1(precision, recall)}


def main(name, inputs, out):
    described = sets.set_named(name)
    out = pathlib.Path(out)
    known = pandas.read_csv(sets.truth_file(name, inputs), dtype=str, keep_default_na=False)
    truth = known.set_index("id")["truth"]
    if len(described.files) == 2:
        by_file = known.groupby(["truth", "file"]).size().unstack(fill_value=0)
        true_pairs = int((by_file["0"] * by_file["1"]).sum())
    else:
        true_pairs = choose2(truth.value_counts().to_numpy())
    pairs, linked = read(out / "pairs.csv"), read(out / "linked.csv")
    right, linked_right = same_entity(pairs, truth), same_entity(linked, truth)
    scored = {"true_pairs": true_pairs, **over_weights(pairs, right, true_pairs)}
    precision = float(linked_right.mean()) if len(linked) else 1.0
    recall = float(linked_right.sum()) / true_pairs
    scored.update({"linked_p": precision, "linked_r": recall, "linked_f1": f1(precision, recall)})
    if (out / "clusters.csv").exists():
        scored.update(clusters(out / "clusters.csv", truth))
    if described.twins:
        records = pandas.read_csv(sets.input_files(name, inputs)[0], dtype=str, keep_default_na=False).set_index("id")
        scored["twins"] = twins(linked, linked_right, records)
    print(json.dumps(scored))


if __name__ == "__main__":
    main(*sys.argv[1:])
