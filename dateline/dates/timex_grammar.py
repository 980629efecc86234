"""The grammar of time expressions, in kinds of words, for every language at once.

Levels run one after the other (timex_cascade): figures, then dates and units, then what holds what
("Tuesday of last week"), parts of days, clock times, edges ("early", "the end of"), and neighbours
("the day after"). A language that orders its words otherwise has rules of its own kind here (`ago_before`:
"vor drei Tagen", "il y a trois jours"; `shift`: "la semaine dernière").

Kinds with a capital are what earlier levels made: Wday, Md (month and day), Day, Mon, Month, Year, Week,
Weekend, Quarter, Half, Season, Decade, Clock, Part, Time, Dur, Set, Vague.
"""

from __future__ import annotations

from typing import Final

from dateline.dates import timex_build_clock as c
from dateline.dates import timex_build_dates as d
from dateline.dates import timex_build_joins as j
from dateline.dates import timex_build_lengths as n
from dateline.dates import timex_build_units as u
from dateline.dates.timex_cascade import Level, Rule

_N = "(?:num|number|tens|num4|year)"
_D = "(?:num|number|ordinal)"
_AND_DAYS = f"(?:comma {_D}){{0,30}}"  # no month has more; with an open end "1, 1, 1" costs its square
_UNIT = "(?:unit|quarter|half)"
_UNITS = "(?:unit|units|quarter|weekend)"
_MONTH = "(?:month|month_short)"
_YEAR = "(?:comma? (?:of|in)? (?:year|short))"
_WHICH = "(?:last|next|coming|previous|same)"
_ANY = "Wday|Md|Day|Mon|Month|Year|Week|Weekend|Quarter|Half|Season|Decade|Time"
_NAMED = "(?:Wday|Mon|Season|Weekend|Md|Quarter)"
_DAY = "(?:Wday|Md|Day)"
_AMOUNT = "(?:num|number|art|some)"

NUMBERS: Final = Level(
    [
        Rule("number", "tens dash? number", n.sum_number),
        Rule("number", "number hundred", n.hundred_number),
        Rule("number", "tens", n.plain_number),
        Rule("number", "art? couple of", n.couple),
        Rule("number", "art dozen", n.couple),
        Rule("number", "art some", n.some),
        Rule("number", "some dozen", n.some),
        Rule("ordinal", "tens dash? ordinal", n.sum_ordinal),
        Rule("year", "number (?:tens|number) (?:dash? number)?", n.spoken_year),
        Rule("year", "tens (?:tens|number) (?:dash? number)?", n.spoken_year),
        Rule("year", "number thousand (?:and? (?:number|tens))?", n.spoken_year),
    ]
)

ATOMS: Final = Level(
    [
        # days of a month, with or without the year
        Rule("month-day", f"{_MONTH} the? {_D} {_YEAR}?", d.month_day),
        Rule("day-month", f"the? {_D} of? {_MONTH} {_YEAR}?", d.day_month),
        Rule("day-range", f"{_MONTH} {_D} (?:dash|slash) {_D} {_YEAR}?", d.day_range),
        Rule("day-range", f"{_D} dash {_D} of? {_MONTH} {_YEAR}?", d.day_range),
        Rule("day-list", f"{_MONTH} {_D} {_AND_DAYS} comma? (?:and|to) {_D} {_YEAR}?", d.day_list),
        Rule(
            "day-list",
            f"the? {_D} {_AND_DAYS} (?:and|to) the? {_D} of? {_MONTH} {_YEAR}?",
            d.day_list,
        ),
        Rule("iso", "iso", d.iso),
        Rule("numeric", "numeric", d.numeric),
        Rule("month-year", f"{_MONTH} {_YEAR}", d.month_year),
        Rule("month-range", f"{_MONTH} (?:dash|slash) {_MONTH} {_YEAR}", d.month_range),
        Rule("month", _MONTH, d.month),
        Rule("weekday", "(?:weekday|weekday_short)", d.weekday),
        Rule("weekdays", "weekdays", d.weekdays),
        Rule("holiday", "holiday (?:(?:comma|of)? year)?", d.holiday_named),
        # years and longer
        Rule("year", "(?:the unit)? year", d.year),
        Rule("year", "short", d.year),
        Rule("year-range", "(?:year|short) (?:dash|slash) (?:year|num|short)", d.year_range),
        Rule("fiscal", "(?:the? fiscal unit? (?:year|short|literal)|literal)", d.fiscal),
        Rule("fiscal", "(?:the|this|last|next) fiscal unit", d.fiscal_relative),
        Rule("decade", "the? decade", d.decade),
        Rule("century", "the? ordinal dash? unit", d.century),
        Rule("quarter", "the? fiscal? ordinal (?:dash|fiscal)? quarter", d.quarter),
        Rule("half", "the? ordinal dash? half", d.half),
        Rule("season", "the? season", d.season),
        Rule("season-year", "the? season of? (?:year|short) (?:dash (?:num|year|short))?", d.season_year),
        # units counted from now or from what was named
        Rule(
            "unit",
            f"(?:this|the? last|the? latest|the? next|the? coming|the? previous) {_UNIT}",
            u.relative_unit,
        ),
        Rule("unit", f"(?:the|that|the? same|this same) (?:after|same|this)? {_UNIT}", u.reference_unit),
        Rule("unit-shift", f"the? (?:{_UNIT} shift|shift {_UNIT})", u.relative_unit),
        Rule("unit-shift", "year_shift", u.year_shift),
        Rule("decade", "the units year", d.decade_year),
        Rule("day-part", "weekday_part", c.weekday_part),
        Rule("past-unit", f"(?:the|this) past {_UNIT}", n.past_unit),
        Rule(
            "past-units",
            f"(?:the? (?:last|past|next|coming|previous)|the after) {_AMOUNT} units",
            n.past_duration,
        ),
        Rule("vague-units", "(?:the? recent|the? coming|the past|the next|the last) units", n.vague_units),
        Rule("vague-units", "(?:the recent? past|some? units ago)", n.vague_past),
        Rule("vague-units", "some? units (?:earlier|later)", n.vague_shift),
        Rule(
            "ago", f"approx? (?:{_AMOUNT} (?:and art half)?|half art) {_UNITS} (?:and art half)? ago", u.ago
        ),
        Rule("ago", f"ago_before approx? {_AMOUNT} {_UNITS}", u.ago),
        Rule("later", f"{_AMOUNT} dash? {_UNITS} (?:later|hence)", u.later),
        Rule("later", f"later_before {_AMOUNT} {_UNITS}", u.hence),
        Rule("earlier", f"{_AMOUNT} {_UNITS} (?:earlier|before|after)", u.earlier),
        Rule("unit-before", f"(?:the|that) {_UNIT} (?:before|earlier|after)", u.unit_before),
        Rule("unit-before", "the unit before last", u.before_last),
        Rule("year-earlier", f"(?:the|art)? unit dash (?:earlier|ago) (?:{_UNIT}|period)", u.year_earlier),
        Rule("year-earlier", "unit dash (?:earlier|ago)", u.year_earlier),
        Rule("deictic", "deictic", u.deictic),
        Rule("deictic", "(?:deictic_part|overnight)", c.deictic_part),
        # parts of the day and clock times
        Rule("part", "the? part", c.part),
        Rule("this-part", "(?:this|the? last|coming|shift) part", c.relative_part),
        Rule("that-part", "(?:that|the? (?:same|after|previous|next)) part", c.reference_part),
        Rule("that-part", "the part (?:before|after)", c.reference_part),
        Rule("clock", "(?:clock|num) ampm", c.clock),
        Rule("clock", "(?:clock|num) ampm? lpar? zone rpar?", c.clock),
        Rule("clock", "clock", c.clock),
        Rule("clock", "(?:num|number) clock_word", c.clock),
        Rule("clock", "clock clock_word", c.clock),
        Rule("clock", "(?:num4|year) zone", c.clock),
        Rule("clock", "moment", c.clock),
        # lengths of time and habits
        Rule("duration", f"approx? {_AMOUNT} dash? (?:and art half)? {_UNITS} (?:and art half)?", n.duration),
        Rule("duration", f"approx? (?:num|number) (?:to|dash|and) (?:num|number) dash? {_UNITS}", n.duration),
        Rule("duration", "half art dash? unit", n.half_duration),
        Rule("duration", "units", n.vague_duration),
        Rule("set", f"every (?:other|{_N}|ordinal)? (?:{_UNITS}|part|weekday|month|season|holiday)", n.every),
        Rule("set", f"(?:once|{_N} times) (?:art|every) {_UNIT}", n.every),
        Rule("set", "set", n.habit),
        Rule("vague", "vague", n.vague),
        Rule("year-end", "year_end year?", d.year_end),
        Rule("weekend", "the? weekend", d.weekend),
    ]
)

RELATIVE: Final = Level(  # "last Tuesday", "next March", "this Christmas"
    [
        Rule(
            "named",
            f"(?:this (?:past|coming)?|that|the (?:after|past)|the? {_WHICH}) {_NAMED}",
            j.relative_named,
        ),
        Rule("named-shift", f"the? (?:{_NAMED} shift|shift {_NAMED})", j.relative_named),
    ]
)

HOLDING: Final = Level(  # a part of a named whole
    [
        Rule("weekday-of", "(?:Wday|Weekend) (?:of|comma|in)? Week", j.inside),
        Rule("weekday-of", "Week (?:on|comma)? Wday", j.week_then_weekday),
        Rule("weekend-of", "Md Weekend", j.holiday_weekend),
        Rule("weekday-date", "Wday comma? (?:the|on)? (?:Md|Day)", j.weekday_date),
        Rule("weekday-date", "Wday lpar (?:Md|Day) rpar", j.weekday_date),
        Rule("weekday-date", "Wday comma? the? ordinal", j.weekday_date),
        Rule("date-of", "Md (?:of|in|comma|lpar)? Year rpar?", j.inside),
        Rule("month-of", "(?:Mon|Season|Quarter|Half) (?:of|in|comma)? (?:Year|the Year)", j.inside),
        Rule("month-of", "Year poss? (?:Mon|Season|Quarter|Half)", j.inside),
        Rule("month-of", "(?:Mon|Season|Quarter|Half) (?:of|in) (?:the|that) unit", j.inside_this),
        Rule("day-of", "the? ordinal of (?:Mon|Month)", j.day_of_month),
        Rule("week-of", "the unit of (?:Md|Day)", j.container),
        Rule("ago-this", "Year Month", j.ago_this),
    ]
)

PARTS: Final = Level(  # "Monday night", "the night of March 3", "dawn on Thursday"
    [
        Rule("day-part", f"{_DAY} (?:comma|at|in){{0,3}} Part", c.day_part),
        Rule("day-part", f"Part (?:of|on|comma)? {_DAY}", c.day_part),
        Rule("day-part", f"Part (?:of|on) {_DAY} comma (?:Md|Day)", c.day_part),
        Rule("day-part", f"the? hours_of (?:of|on)? {_DAY}", c.early_hours),
    ]
)

CLOCKS: Final = Level(  # "10 a.m. EST Tuesday", "Tuesday at 10 a.m."
    [
        Rule("clock-day", "Clock comma? (?:on|of|in)? (?:Wday|Md|Day|Time)", c.clock_day),
        Rule("clock-pair", "Clock lpar Clock rpar comma? (?:on)? (?:Wday|Md|Day|Time)", c.clock_pair),
        Rule("day-clock", "(?:Wday|Md|Day|Time) comma? (?:at|about){0,2} Clock", c.clock_day),
        Rule("clock-part", "(?:Clock|num|number) (?:in|at)? Part", c.clock_part),
        Rule("day-at", "(?:Wday|Md|Day|Time) at (?:num|number)", c.day_at_number),
    ]
)

EDGES: Final = Level(  # "early this month", "mid-March", "the end of the year"
    [
        Rule(
            "edge",
            f"the? (?:early|late|mid|earlier|later) dash? (?:on|in)? (?:{_ANY}|Part)",
            j.edge,
        ),
        Rule(
            "edge",
            f"the? edge of (?:{_ANY})",
            j.edge,
        ),
        Rule("edge", "the? edge of (?:the|that) (?:unit|quarter)", j.edge_unit),
        Rule(
            "edge", "(?:later|earlier|early|late) (?:in|on)? (?:the|that) (?:unit|quarter|part)", j.edge_unit
        ),
    ]
)

NEIGHBOURS: Final = Level(  # "the day after Christmas", "two weeks before March 3", "a week from Tuesday"
    [
        Rule(
            "beside",
            f"(?:the|{_AMOUNT}) {_UNITS} (?:before|after|from) (?:Wday|Md|Day|Mon|Month|Year)",
            j.beside,
        ),
        Rule("beside", "Dur (?:before|after) (?:Wday|Md|Day|Mon|Month|Year)", j.beside_length),
        Rule("beside", "Dur from (?:Wday|Md|Day)", j.beside_length),
        Rule("beside", "the Wday (?:before|after) (?:Md|Day)", j.weekday_beside),
        Rule("range", "(?:Mon|Month) dash (?:Mon|Month)", j.span),
    ]
)

CASCADE: Final = (NUMBERS, ATOMS, RELATIVE, HOLDING, PARTS, CLOCKS, EDGES, NEIGHBOURS)
