"""Holidays that news and calendars name, and their dates in a given year.

Chinese festivals follow the lunar calendar: their dates are tabled for 2015 to 2032. Islamic and Jewish feasts are
left out:
their dates are fixed by observation or differ by country.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from groundwire.evidence.times.spans import nth_weekday, safe_date

Holiday = Callable[[int], date | None]


def _fixed(month: int, day: int) -> Holiday:
    return lambda year: safe_date(year, month, day)


def _floating(month: int, weekday: int, nth: int, days: int = 0) -> Holiday:
    def find(year: int) -> date | None:
        day = nth_weekday(year, month, weekday, nth)
        return day and day + timedelta(days=days)

    return find


def _easter(days: int = 0) -> Holiday:
    return lambda year: easter(year) + timedelta(days=days)


def easter(year: int) -> date:
    """Western Easter Sunday (Meeus, Jones and Butcher's algorithm)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _lunar(first_year: int, days: str, offset: int = 0) -> Holiday:
    table = {first_year + k: text for k, text in enumerate(days.split())}

    def find(year: int) -> date | None:
        text = table.get(year)
        return date(year, int(text[:2]), int(text[2:])) + timedelta(days=offset) if text else None

    return find


_NEW_YEAR = "0219 0208 0128 0216 0205 0125 0212 0201 0122 0210 0129 0217 0206 0126 0213 0203 0123 0211"
_DRAGON_BOAT = "0620 0609 0530 0618 0607 0625 0614 0603 0622 0610 0531 0619 0609 0528 0616 0605 0624 0612"
_MID_AUTUMN = "0927 0915 1004 0924 0913 1001 0921 0910 0929 0917 1006 0925 0915 1003 0922 0912 1001 0919"
_THANKSGIVING = _floating(11, 3, 4)


def _clear_and_bright(year: int) -> date:
    """Qingming, the solar term: 4 April, or 5 April (the usual approximation for 2000 to 2099)."""
    y = year % 100
    return date(year, 4, int(y * 0.2422 + 4.81) - y // 4)


ENGLISH: dict[str, Holiday] = {
    "new year": _fixed(1, 1), "new year's day": _fixed(1, 1), "new years day": _fixed(1, 1),
    "new year day": _fixed(1, 1),
    "new year's": _fixed(1, 1), "new years": _fixed(1, 1),
    "new year's eve": _fixed(12, 31), "new years eve": _fixed(12, 31), "new year eve": _fixed(12, 31),
    "christmas": _fixed(12, 25), "christmas day": _fixed(12, 25), "xmas": _fixed(12, 25), "xmas day": _fixed(12, 25),
    "christmas eve": _fixed(12, 24), "xmas eve": _fixed(12, 24), "boxing day": _fixed(12, 26),
    "valentine's day": _fixed(2, 14), "valentines day": _fixed(2, 14), "valentine day": _fixed(2, 14),
    "saint valentine's day": _fixed(2, 14), "st. valentine's day": _fixed(2, 14),
    "saint patrick": _fixed(3, 17), "saint patrick's day": _fixed(3, 17), "st. patrick's day": _fixed(3, 17),
    "st patrick's day": _fixed(3, 17), "st patrick": _fixed(3, 17), "saint patrick day": _fixed(3, 17),
    "groundhog day": _fixed(2, 2), "groundhog's day": _fixed(2, 2), "candlemas": _fixed(2, 2),
    "april fools' day": _fixed(4, 1), "april fools": _fixed(4, 1), "april fool's day": _fixed(4, 1),
    "april fools day": _fixed(4, 1),
    "earth day": _fixed(4, 22), "arbor day": _floating(4, 4, -1), "may day": _fixed(5, 1),
    "international workers' day": _fixed(5, 1), "international workers day": _fixed(5, 1),
    "international labour day": _fixed(5, 1),
    "cinco de mayo": _fixed(5, 5), "independence day": _fixed(7, 4), "fourth of july": _fixed(7, 4),
    "july fourth": _fixed(7, 4),
    "juneteenth": _fixed(6, 19), "freedom day": _fixed(6, 19), "jubilee day": _fixed(6, 19),
    "emancipation day": _fixed(6, 19),
    "bastille day": _fixed(7, 14), "canada day": _fixed(7, 1), "australia day": _fixed(1, 26),
    "anzac day": _fixed(4, 25),
    "halloween": _fixed(10, 31), "halloween day": _fixed(10, 31), "all hallows' eve": _fixed(10, 31),
    "all saints' day": _fixed(11, 1), "all souls' day": _fixed(11, 2),
    "guy fawkes": _fixed(11, 5), "guy fawkes day": _fixed(11, 5), "bonfire night": _fixed(11, 5),
    "veterans day": _fixed(11, 11), "veteran's day": _fixed(11, 11), "veterans' day": _fixed(11, 11),
    "armistice day": _fixed(11, 11), "remembrance day": _fixed(11, 11),
    "singles' day": _fixed(11, 11), "singles day": _fixed(11, 11), "pi day": _fixed(3, 14),
    "international women's day": _fixed(3, 8), "women's day": _fixed(3, 8), "children's day": _fixed(6, 1),
    "epiphany": _fixed(1, 6), "flag day": _fixed(6, 14), "pearl harbor day": _fixed(12, 7), "d-day": _fixed(6, 6),
    "easter": _easter(), "easter sunday": _easter(), "easter day": _easter(), "easter monday": _easter(1),
    "easter saturday": _easter(-1), "good friday": _easter(-2),
    "maundy thursday": _easter(-3), "palm sunday": _easter(-7), "ash wednesday": _easter(-46),
    "mardi gras": _easter(-47),
    "shrove tuesday": _easter(-47), "fat tuesday": _easter(-47), "ascension day": _easter(39),
    "pentecost": _easter(49), "whit monday": _easter(50), "corpus christi": _easter(60),
    "thanksgiving": _THANKSGIVING, "thanksgiving day": _THANKSGIVING, "black friday": _floating(11, 3, 4, 1),
    "cyber monday": _floating(11, 3, 4, 4),
    "martin luther king day": _floating(1, 0, 3), "martin luther king jr. day": _floating(1, 0, 3),
    "mlk day": _floating(1, 0, 3),
    "presidents' day": _floating(2, 0, 3), "president's day": _floating(2, 0, 3),
    "presidents day": _floating(2, 0, 3), "washington's birthday": _floating(2, 0, 3),
    "memorial day": _floating(5, 0, -1), "labor day": _floating(9, 0, 1), "labour day": _floating(9, 0, 1),
    "columbus day": _floating(10, 0, 2), "indigenous peoples' day": _floating(10, 0, 2),
    "mother's day": _floating(5, 6, 2), "mothers day": _floating(5, 6, 2), "mothers' day": _floating(5, 6, 2),
    "father's day": _floating(6, 6, 3), "fathers day": _floating(6, 6, 3), "fathers' day": _floating(6, 6, 3),
    "election day": _floating(11, 0, 1, 1), "super bowl sunday": _floating(2, 6, 2), "patriot day": _fixed(9, 11),
    "chinese new year": _lunar(2015, _NEW_YEAR), "lunar new year": _lunar(2015, _NEW_YEAR),
    "spring festival": _lunar(2015, _NEW_YEAR),
    "dragon boat festival": _lunar(2015, _DRAGON_BOAT), "mid-autumn festival": _lunar(2015, _MID_AUTUMN),
    "mid autumn festival": _lunar(2015, _MID_AUTUMN),
    "qingming festival": _clear_and_bright, "tomb-sweeping day": _clear_and_bright,
}  # fmt: skip
CHINESE: dict[str, Holiday] = {
    "元旦": _fixed(1, 1), "元旦节": _fixed(1, 1), "新年": _fixed(1, 1), "情人节": _fixed(2, 14),
    "妇女节": _fixed(3, 8), "三八节": _fixed(3, 8), "植树节": _fixed(3, 12),
    "消费者权益日": _fixed(3, 15), "愚人节": _fixed(4, 1), "世界地球日": _fixed(4, 22), "劳动节": _fixed(5, 1),
    "五一": _fixed(5, 1), "五一节": _fixed(5, 1), "五一劳动节": _fixed(5, 1), "青年节": _fixed(5, 4),
    "儿童节": _fixed(6, 1), "六一": _fixed(6, 1), "六一儿童节": _fixed(6, 1), "建党节": _fixed(7, 1),
    "建军节": _fixed(8, 1), "教师节": _fixed(9, 10), "国庆节": _fixed(10, 1), "国庆": _fixed(10, 1),
    "十一国庆节": _fixed(10, 1),
    "万圣节": _fixed(10, 31), "光棍节": _fixed(11, 11), "双十一": _fixed(11, 11), "双十二": _fixed(12, 12),
    "平安夜": _fixed(12, 24), "圣诞节": _fixed(12, 25), "圣诞": _fixed(12, 25), "独立日": _fixed(7, 4),
    "美国独立日": _fixed(7, 4),
    "母亲节": _floating(5, 6, 2), "父亲节": _floating(6, 6, 3), "感恩节": _THANKSGIVING,
    "黑色星期五": _floating(11, 3, 4, 1), "黑五": _floating(11, 3, 4, 1), "网络星期一": _floating(11, 3, 4, 4),
    "复活节": _easter(), "马丁路德金日": _floating(1, 0, 3),
    "春节": _lunar(2015, _NEW_YEAR), "大年初一": _lunar(2015, _NEW_YEAR), "除夕": _lunar(2015, _NEW_YEAR, -1),
    "除夕夜": _lunar(2015, _NEW_YEAR, -1), "年三十": _lunar(2015, _NEW_YEAR, -1),
    "大年三十": _lunar(2015, _NEW_YEAR, -1), "元宵节": _lunar(2015, _NEW_YEAR, 14),
    "元宵": _lunar(2015, _NEW_YEAR, 14), "端午节": _lunar(2015, _DRAGON_BOAT), "端午": _lunar(2015, _DRAGON_BOAT),
    "中秋节": _lunar(2015, _MID_AUTUMN), "中秋": _lunar(2015, _MID_AUTUMN),
    "清明节": _clear_and_bright, "清明": _clear_and_bright,
}  # fmt: skip
