#!/usr/bin/env python3
"""The Python package recordlinkage on febrl3 or febrl4: with_recordlinkage.py SET INPUTS OUT

Five blocks of one field, names and address by Jaro and Winkler at 0.85, the rest exactly, ECM for the classifier.
It has no clusters of its own; what it links is joined, link by link. Writes the files that with_splink.py writes.
"""
import pathlib
import sys

import numpy
import pandas
import recordlinkage

import sets
from timed import Timed

BLOCKS = ["given_name", "surname", "date_of_birth", "soc_sec_id", "postcode"]
NEAR = ["given_name", "surname", "address_1", "address_2", "suburb"]
EXACT = ["date_of_birth", "soc_sec_id", "postcode", "state", "street_number"]


def candidates(tables):
    index = recordlinkage.Index()
    for field in BLOCKS:
        index.block(field)
    return index.index(*tables)


def compared(pairs, tables):
    comparer = recordlinkage.Compare()
    for field in NEAR:
        comparer.string(field, field, method="jarowinkler", threshold=0.85, label=field)
    for field in EXACT:
        comparer.exact(field, field, label=field)
    return comparer.compute(pairs, *tables)


def weights(model, features):
    """log2 of the odds, from the parameters that ECM found: its probabilities are rounded to 1 at the top."""
    m, u = (numpy.array([table[field][1] for field in features.columns]) for table in (model.m_probs, model.u_probs))
    m, u = numpy.clip(m, 1e-9, 1 - 1e-9), numpy.clip(u, 1e-9, 1 - 1e-9)
    agree = features.to_numpy(dtype=float)
    prior = numpy.log2(model.p / (1 - model.p))
    return prior + agree @ numpy.log2(m / u) + (1 - agree) @ numpy.log2((1 - m) / (1 - u))


def joined(ids, links):
    """The smallest record of each group of linked ones."""
    parent = {each: each for each in ids}

    def top(each):
        while parent[each] != each:
            parent[each] = parent[parent[each]]
            each = parent[each]
        return each

    for l, r in links:
        a, b = sorted((top(l), top(r)))
        parent[b] = a
    return [(each, top(each)) for each in ids]


def main(name, inputs, out):
    out = pathlib.Path(out)
    timed = Timed()
    tables = []
    for path in sets.input_files(name, inputs):
        tables.append(pandas.read_csv(path, dtype=str, index_col="id"))
    pairs = candidates(tables)
    features = compared(pairs, tables)
    model = recordlinkage.ECMClassifier()
    links = model.fit_predict(features)
    groups = joined(tables[0].index, links) if len(tables) == 1 else None
    timed.told(out / "told.json", pairs=len(features))
    found = pandas.DataFrame({"id_l": features.index.get_level_values(0), "id_r": features.index.get_level_values(1),
                              "match_weight": weights(model, features)})
    found.to_csv(out / "pairs.csv", index=False)
    linked = features.index.isin(links)
    found[linked].to_csv(out / "linked.csv", index=False)
    if groups is not None:
        pandas.DataFrame(groups, columns=["id", "cluster"]).to_csv(out / "clusters.csv", index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
