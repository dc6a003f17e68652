from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import app
from bot.colours import contrast, mix, readable_on
from bot.settings import (
    BotSettings,
    Colours,
    LogSettings,
    SettingsError,
    WebSettings,
    load_settings,
)
from bot.settings_page import page
from bot.toml_lines import line_of
from ingest.errors import IndexMismatch
from ingest.settings import IndexSettings

ROOT = Path(__file__).parents[2]


def refused(folder: Path, text: str) -> str:
    path = folder / "clinic.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    return str(caught.value)


def test_a_clinic_is_described_by_one_file(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text("<svg/>", encoding="utf-8")
    path = tmp_path / "clinic.toml"
    path.write_text(
        '[clinic]\nname = "Riverside"\nlocale = "EU"\nlogo = "logo.svg"\n'
        '[clinic.colours]\naccent = "#0b5394"\n[web]\nsites = ["https://www.riverside.example"]\n',
        encoding="utf-8",
    )
    settings = load_settings(path)
    assert settings.clinic.logo == tmp_path / "logo.svg"
    assert settings.clinic.emergency_number == "112"
    assert settings.web.sites == ("https://www.riverside.example",)


def test_by_default_nothing_is_logged_and_no_site_is_let_in() -> None:
    settings = BotSettings()
    assert settings.log.gaps is False
    assert settings.web.sites == ()
    assert settings.keys == ()
    assert settings.desk.password is None


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ('[clinic]\nname = "A"\nfone = "020"\n', "line 3: clinic.fone", "no such key"),
        ('[clinic]\n\n[clinic.colours]\naccent = "#9fb8b0"\n', "line 4", "4.5:1. Choose a darker"),
        ('[clinic.colours]\naccent_dark = "#224433"\n', "line 2", "Choose a lighter"),
        ('[clinic.colours]\naccent = "green"\n', "line 2", "not a colour like"),
        ('[clinic]\nlogo = "none.svg"\n', "line 2: clinic.logo", "there is no file"),
        ('[clinic]\nlogo = "clinic.toml"\n', "line 2", "is not one of .jpg"),
        ('[clinic]\nbooking = "http://x.example"\n', "line 2", "begins with https://"),
        ('[web]\nsites = ["https://*.example"]\n', "line 2: web.sites.0", "no wildcard"),
        ('[web]\nsites = [\n "https://a.example/",\n]\n', "line 2", "no slash at the end"),
        ('[web]\nsites = ["http://a.example"]\n', "line 2", "http only for localhost"),
        ('[web]\nsites = ["https://a.example:443"]\n', "line 2", "write 'https://a.example' ("),
        ('[web]\nsites = ["http://localhost:80"]\n', "line 2", "write 'http://localhost' ("),
        ('[web]\nsites = ["http://a.example:80"]\n', "line 2", "http only for localhost"),
        (
            '[web]\nsites = ["https://a.example:08443"]\n',
            "line 2",
            "write 'https://a.example:8443'",
        ),
        ('[web]\nsites = ["https://a.example:99999"]\n', "line 2", "is not a site like"),
        ('[web]\nsites = ["https://a.example:x"]\n', "line 2", "is not a site like"),
        (
            '[web]\nsites = ["https://Bücher.example"]\n',
            "line 2",
            "'https://xn--bcher-kva.example'",
        ),
        ('[web]\nsites = ["https://bu\u0308cher.example"]\n', "line 2", "//xn--bcher-kva.example'"),
        ('[web]\nsites = ["https://a.example\uff0fb"]\n', "line 2", "is not a site like"),
        ('[web]\nproxies = ["nonsense"]\n', "line 2: web.proxies.0", "'nonsense' does not appear"),
        ('[web]\nproxies = ["10.0.0.1/8"]\n', "line 2", "host bits set. Write a proxy's IP"),
        ('[web]\nproxies = ["*", "10.0.0.1"]\n', "line 2: web.proxies", 'write ["*"] alone'),
        ('[index]\ncorpus = "nowhere"\n', "line 2: index.corpus", "no folder 'nowhere'"),
        ('[index]\nmodel = "/no/such"\n', "line 2: index.model", "no folder '/no/such'"),
        ('[index]\nmodel = "./no"\n', "line 2: index.model", "the model's name"),
        ('cross_encoder = "/no/such"\n', "line 1: cross_encoder", "no folder '/no/such'"),
        ('[[keys]]\nname = "a"\nkey = "short"\n', "line 3: keys.0.key", "at least 24"),
        ('[desk]\npassword = "short"\n', "line 2", "at least 12"),
        ("[nonsense]\n", "line 1: nonsense", "no such key"),
        ("port = 'x'\n", "line 1: port", "valid integer"),
        ("port = \n", "line 1", "not valid TOML"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_line(
    tmp_path: Path, text: str, line: str, reason: str
) -> None:
    said = refused(tmp_path, text)
    assert line in said
    assert reason in said


def test_questions_are_kept_only_where_a_file_can_be_written(tmp_path: Path) -> None:
    for name, reason in {"clinic.toml/gaps": "is not a folder", ".": "it is a folder"}.items():
        text = f"[log]\ngaps = true\nfile = '{tmp_path / name}'\n"
        said = refused(tmp_path, text)
        assert "line 3: log.file" in said
        assert reason in said
        off = tmp_path / "off.toml"
        off.write_text(text.replace("true", "false"), encoding="utf-8")
        assert load_settings(off).log.gaps is False
    new = tmp_path / "new.toml"
    new.write_text(f"[log]\ngaps = true\nfile = '{tmp_path / 'a' / 'b' / 'c'}'\n", "utf-8")
    assert load_settings(new).log.gaps
    assert not (tmp_path / "a").exists()


def test_the_usual_file_for_questions_is_checked_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "var").write_text("", encoding="utf-8")
    assert "line 1: log.file" in refused(tmp_path, "[log]\ngaps = true\n")


def test_folders_that_are_there_and_names_of_models_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "clinic.toml"
    path.write_text(
        f"cross_encoder = 'cross-encoder/any'\n[index]\ncorpus = '{tmp_path}'\n"
        f"model = '{tmp_path}'\n[web]\nproxies = ['10.0.0.0/8', '::1']\n",
        encoding="utf-8",
    )
    settings = load_settings(path)
    assert settings.cross_encoder == "cross-encoder/any"
    assert settings.index.corpus == tmp_path
    assert settings.index.model == str(tmp_path)
    assert settings.web.proxies == ("10.0.0.0/8", "::1")


def test_settings_made_in_code_may_name_what_is_not_there_yet() -> None:
    assert IndexSettings(corpus=Path("nowhere"), model="/no/such").model == "/no/such"
    assert LogSettings(gaps=True, file=Path("/dev/null/gaps")).gaps


def test_a_secret_is_never_said_aloud(tmp_path: Path) -> None:
    said = refused(tmp_path, '[desk]\npassword = "swordfish"\n')
    assert "swordfish" not in said


def test_two_programs_never_share_a_key(tmp_path: Path) -> None:
    key = '[[keys]]\nname = "a"\nkey = "0123456789012345678901234"\n'
    assert "the same key" in refused(tmp_path, key + key)


def test_a_key_of_the_second_program_is_found_in_its_own_table() -> None:
    text = "[[keys]]\nname = 'a'\n\n[[keys]]\nname = 'b'\nkey = 'x'\n"
    assert line_of(text, ("keys", 1, "key")) == 6
    assert line_of(text, ("keys", 1)) == 4
    assert line_of(text, ("nothing",)) is None


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#ffffff", "#000000", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),  # the well-known grey that just fails
        ("#767676", "#ffffff", 4.54),  # and the one that just passes
    ],
)
def test_contrast_is_the_one_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


COLOURS = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


@given(COLOURS)
def test_an_accepted_colour_can_be_read_wherever_it_is_used(colour: str) -> None:
    try:
        Colours(accent=colour)
    except ValidationError:
        return
    for ground in ("#ffffff", "#faf9f5", mix(colour, "#ffffff", 0.1), readable_on(colour)):
        assert contrast(colour, ground) >= 4.5


@pytest.mark.parametrize(
    "site",
    [
        "https://a.example",
        "https://a.example:8443",
        "https://a.example:80",
        "https://xn--bcher-kva.example",
        "http://localhost:3000",
        "http://[::1]:3000",
    ],
)
def test_a_site_is_an_origin(site: str) -> None:
    assert WebSettings(sites=(site,)).sites == (site,)


def test_a_chat_model_leaves_time_for_the_quotes(tmp_path: Path) -> None:
    slow = '[chat]\nmodel = "openai:any"\nseconds = 60\n'
    assert "75 s" in refused(tmp_path, slow)
    path = tmp_path / "patient.toml"
    path.write_text(slow + "[limits]\nseconds = 90\n", encoding="utf-8")
    assert load_settings(path).chat.longest == 75


def test_an_index_that_cannot_be_used_stops_the_server_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def create_app(_: BotSettings) -> None:
        message = "The index was built with another model. Run `python -m ingest`."
        raise IndexMismatch(message)

    monkeypatch.delenv("KNEEWISE_SETTINGS", raising=False)
    monkeypatch.setattr(app, "create_app", create_app)
    with pytest.raises(SystemExit, match="built with another model"):
        app.main()


def test_the_page_of_settings_is_up_to_date() -> None:
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == page()
