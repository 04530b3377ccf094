"""What a village sets for a household of class 2 is what it is paid, through two services."""

from pathlib import Path

import pytest
import yaml

import policies
from tests.benefits.county import CountyBenefits
from tests.identification.caseworkers import HE_JUN, WANG_FANG, ZHANG_LI, Walk, later
from tests.identification.register import COUNTY, standing
from tests.identification.test_classes import SINGLE, compared, meeting
from tests.identification.test_means import determined
from tests.trial import MakeDatabase, NatsAt

SET_FEN = 15_000


def pays_by_class(folder: Path) -> Path:
    """The place, where dibao is paid by class: class 2 above 120 yuan a head."""
    place = folder / COUNTY
    place.mkdir(parents=True)
    for path in (Path(policies.__file__).parent / "places" / COUNTY).glob("*.yaml"):
        (place / path.name).write_bytes(path.read_bytes())
    said = {"since": "2025-01", "source": "practice", "standing": "demonstration", "note": "Ours."}
    classes = {"dibao_pays_by_class": [{**said, "amount": 1}]}
    dibao = yaml.safe_load((place / "dibao.yaml").read_text(encoding="utf-8"))
    dibao["dibao_band_above_fen"] = [{**said, "amount": 12_000}]
    (place / "dibao_class.yaml").write_text(yaml.safe_dump(classes), encoding="utf-8")
    (place / "dibao.yaml").write_text(yaml.safe_dump(dibao, allow_unicode=True), encoding="utf-8")
    return folder


@pytest.mark.shows("S38")
async def test_what_the_village_set_for_class_2_is_paid(
    make_database: MakeDatabase, nats_server: NatsAt, tmp_path: Path
) -> None:
    places = pays_by_class(tmp_path / "places")
    folders = [tmp_path / name for name in ("identification", "benefits")]
    for folder in folders:
        folder.mkdir()
    knobs = {"places_dir": str(places), "import_children": 0}
    tables = make_database("identification")
    async with standing(folders[0], tables, nats_server, **knobs) as register:
        idle = {"head": {"wage_basis": 1, "wage_months": 0}}
        walk = await compared(Walk(register), 190_000, **SINGLE, members=idle)
        await walk.do(WANG_FANG, "appraise", **await meeting(walk, committee_fen=SET_FEN))
        words = {"income_fen_monthly": 15_833, "reasons": "二类"}
        await walk.do(ZHANG_LI, "propose", opinion="grant", **words)
        await walk.put_up()
        later(register, 8)
        await walk.do(ZHANG_LI, "end-posting")
        await walk.do(HE_JUN, "confirm", decision_number="青民决〔2026〕971号")
        decided = await determined(walk)
    assert decided["facts"]["dibao_committee_fen"] == SET_FEN
    assert decided["facts"]["dibao_minutes_filed"] == 1
    benefits = CountyBenefits.stand_up(
        make_database("benefits"), folders[1], places_dir=str(places)
    )
    try:
        await benefits.decide(decided)
        run = await benefits.pay("2026-11")
        (line,) = [each for each in benefits.lines(run) if each["programme"] == "dibao"]
        assert line["amount_fen"] == 2 * SET_FEN
    finally:
        await benefits.stand_down()
