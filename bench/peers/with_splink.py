#!/usr/bin/env python3
"""Splink on one set, with the settings of its own tutorials: with_splink.py SET INPUTS OUT [loose]

Blocking rules, comparisons and the way of training are those of Splink's worked examples for febrl3, febrl4 (the
detailed model), fake_1000 and historical_50k. There is none for children; for them NameComparison twice with term
frequencies, DateOfBirthComparison, PostcodeComparison and sex, five blocking rules of two fields;
`loose` takes every pair of one birth date instead (for the children only).
Writes OUT/pairs.csv (id_l,id_r,match_weight), OUT/linked.csv, OUT/clusters.csv and OUT/told.json.
"""
import logging
import pathlib
import sys

import duckdb
import pandas  # loaded before the clock starts, since Splink loads it late
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

import sets
from timed import Timed

LINKED_FROM = 0.95  # the probability at which the tutorials cluster; febrl4's example says 0.99


class Plan:
    """What one set's tutorial says."""

    def __init__(self, rules, comparisons, certain, recall, u_pairs, training, without_frequencies=True, more=""):
        self.rules = rules
        self.comparisons = comparisons
        self.certain = certain      # rules from which the prior is estimated, with the recall they are taken to have
        self.recall = recall
        self.u_pairs = u_pairs
        self.training = training    # blocks for EM
        self.without_frequencies = without_frequencies
        self.more = more            # further columns, in SQL


def often(comparison):
    return comparison.configure(term_frequency_adjustments=True)


def febrl3():
    return Plan(
        rules=[block_on(each) for each in ("soc_sec_id", "given_name", "surname", "date_of_birth", "postcode")],
        comparisons=[cl.NameComparison("given_name"), cl.NameComparison("surname"),
                     cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
                     cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]), often(cl.ExactMatch("street_number")),
                     often(cl.ExactMatch("postcode"))],
        certain=[block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth"),
                 "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth"],
        recall=0.9, u_pairs=1e6, training=[block_on("date_of_birth"), block_on("postcode")], without_frequencies=False)


def febrl4():
    return Plan(
        rules=[block_on("given_name", "surname"), "l.given_name = r.surname and l.surname = r.given_name",
               block_on("date_of_birth"), block_on("soc_sec_id"), block_on("state", "address_1"),
               block_on("street_number", "address_1"), block_on("postcode")],
        comparisons=[often(cl.NameComparison("given_name")), often(cl.NameComparison("surname")),
                     cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d",
                                              invalid_dates_as_null=True),
                     cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]), often(cl.ExactMatch("street_number")),
                     often(cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]))],
        certain=[block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")],
        recall=0.8, u_pairs=1e6, training=[block_on("date_of_birth"), block_on("postcode")])


def fake_1000():
    near = "levenshtein(l.dob, r.dob) <= 1"
    return Plan(
        rules=[block_on(each) for each in ("first_name", "surname", "dob", "email")],
        comparisons=[cl.ForenameSurnameComparison("first_name", "surname"),
                     cl.DateOfBirthComparison("dob", input_is_string=True), often(cl.ExactMatch("city")),
                     cl.EmailComparison("email")],
        certain=["l.first_name = r.first_name and " + near, "l.surname = r.surname and " + near,
                 "l.first_name = r.first_name and levenshtein(l.surname, r.surname) <= 2", "l.email = r.email"],
        recall=0.7, u_pairs=1e6, training=[block_on("dob"), block_on("email"), block_on("first_name", "surname")])


def historical_50k():
    area, given3, family4 = "substr(postcode_fake,1,3)", "substr(first_name,1,3)", "substr(surname,1,4)"
    return Plan(
        rules=[block_on(given3, family4), block_on("surname", "dob"), block_on("first_name", "dob"),
               block_on("postcode_fake", "first_name"), block_on("postcode_fake", "surname"),
               block_on("dob", "birth_place"), block_on(area, "dob"), block_on(area, "first_name"),
               block_on(area, "surname"),
               block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)")],
        comparisons=[cl.ForenameSurnameComparison("first_name", "surname", forename_surname_concat_col_name="whole_name"),
                     cl.DateOfBirthComparison("dob", input_is_string=True), cl.PostcodeComparison("postcode_fake"),
                     often(cl.ExactMatch("birth_place")), often(cl.ExactMatch("occupation"))],
        certain=[block_on("first_name", "surname", "dob"),
                 block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)"),
                 block_on("dob", "postcode_fake")],
        recall=0.6, u_pairs=1e7, training=[block_on("first_name", "surname"), block_on("dob")],
        more=", first_name || ' ' || surname as whole_name")


def children(loose=False):
    wide = [block_on("dob"), block_on("first_name", "surname"), block_on("postcode", "first_name")]
    return Plan(
        rules=wide if loose else [block_on("first_name", "surname"), block_on("first_name", "dob"), block_on("surname", "dob"),
                                      block_on("first_name", "postcode"), block_on("dob", "postcode")],
        comparisons=[often(cl.NameComparison("first_name")), often(cl.NameComparison("surname")),
                     cl.DateOfBirthComparison("dob", input_is_string=True), cl.PostcodeComparison("postcode"),
                     cl.ExactMatch("sex")],
        certain=[block_on("first_name", "surname", "dob"), block_on("first_name", "dob", "postcode")],
        recall=0.7, u_pairs=1e7, training=[block_on("first_name", "surname"), block_on("dob", "postcode")])


PLANS = {"febrl3": febrl3, "febrl4": febrl4, "fake_1000": fake_1000, "historical_50k": historical_50k}


def trained(linker, plan):
    linker.training.estimate_probability_two_random_records_match(plan.certain, recall=plan.recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=plan.u_pairs, seed=1)
    for block in plan.training:
        linker.training.estimate_parameters_using_expectation_maximisation(
            block, estimate_without_term_frequencies=plan.without_frequencies)


def main(name, inputs, out, width=""):
    logging.getLogger("splink").setLevel(logging.ERROR)
    plan = PLANS[name]() if name in PLANS else children(width == "loose")
    out = pathlib.Path(out)
    timed = Timed()
    api = DuckDBAPI(connection=duckdb.connect())
    tables = []
    for number, path in enumerate(sets.input_files(name, inputs)):
        table = "records_%d" % number
        api._con.execute("create table %s as select *%s from read_csv(?, all_varchar=true)" % (table, plan.more),
                         [str(path)])
        tables.append(table)
    settings = SettingsCreator(
        unique_id_column_name="id", link_type="link_only" if len(tables) == 2 else "dedupe_only",
        blocking_rules_to_generate_predictions=plan.rules, comparisons=plan.comparisons,
        retain_intermediate_calculation_columns=False, retain_matching_columns=False)
    linker = Linker(tables if len(tables) == 2 else tables[0], settings, db_api=api)
    trained(linker, plan)
    found = linker.inference.predict()
    count = api._con.execute("select count(*) from " + found.physical_name).fetchone()[0]
    groups = None
    if len(tables) == 1:
        groups = linker.clustering.cluster_pairwise_predictions_at_threshold(
            found, threshold_match_probability=LINKED_FROM)
    timed.told(out / "told.json", pairs=count)
    said = "select id_l, id_r, match_weight from %s where match_probability >= %s order by match_weight desc"
    for file, least in (("pairs.csv", 0.001), ("linked.csv", LINKED_FROM)):
        api._con.execute("copy (%s) to '%s' (header)" % (said % (found.physical_name, least), out / file))
    if groups is not None:
        api._con.execute("copy (select id, cluster_id as cluster from %s) to '%s' (header)" %
                         (groups.physical_name, out / "clusters.csv"))


if __name__ == "__main__":
    main(*sys.argv[1:])
