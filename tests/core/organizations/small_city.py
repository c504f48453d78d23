"""The divisions and the moment of this room's tests."""

from datetime import UTC, datetime

AT = datetime(2026, 11, 24, 2, 20, tzinfo=UTC)
ROWS = """code12,name,level,parent_code12
610500000000,渭南市,city,
610502000000,临渭区,county,610500000000
610503000000,华州区,county,610500000000
610502001000,人民街道,town,610502000000
610502100000,桥南镇,town,610502000000
610503100000,赤水镇,town,610503000000
610502001001,园里堡社区居委会,village,610502001000
610502001002,南塘社区居民委员会,village,610502001000
610502100200,赵村委会,village,610502100000
610502100201,李家村村民委员会,village,610502100000
610503100200,西郊居委会,village,610503100000
"""
