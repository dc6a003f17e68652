"""An ingest seen from outside: files in, a report and a searchable index out."""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ingest.errors import IndexBusy, IndexMismatch, IndexMissing
from ingest.generations import current, rollback, writer
from ingest.index import Snapshot, open_index
from ingest.run import Report, ingest
from ingest.settings import IndexSettings
from tests.fakes import WordCountEmbeddings

PAGES = Path(__file__).parent / "pages"
ANKLE = "# Ankle\n\nRest the ankle for two days. Then walk.\n"
WRIST = "# Wrist\n\nBend the wrist slowly. Hold it for ten seconds.\n"


@dataclass
class Bench:
    """A corpus folder and an index beside it, with an embedder that remembers its work."""

    root: Path
    model: WordCountEmbeddings = field(default_factory=WordCountEmbeddings)

    @property
    def settings(self) -> IndexSettings:
        return IndexSettings(index=self.root / "index", corpus=self.root / "corpus")

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.settings.corpus / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def ingest(self, *paths: Path, full: bool = False, **changes: object) -> Report:
        settings = self.settings.model_copy(update=changes)
        return ingest(paths, settings, full=full, load=lambda _: self.model)

    def open(self) -> Snapshot:
        return open_index(self.settings)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    made = Bench(tmp_path)
    made.write("ankle.md", ANKLE)
    made.write("wrist.md", WRIST)
    return made


def texts(snapshot: Snapshot) -> list[str]:
    return [snapshot.passages[row.passage].sentences[row.index].text for row in snapshot.rows]


def test_a_folder_becomes_a_searchable_index(bench: Bench) -> None:
    report = bench.ingest()
    assert (report.added, report.failed) == (("ankle", "wrist"), ())
    assert (report.passages, report.sentences, report.generation) == (2, 4, "gen-000001")
    snapshot = bench.open()
    assert snapshot.generation == "gen-000001"
    found, score = snapshot.dense(bench.model.embed_query("Bend the wrist slowly."), 1)[0]
    assert texts(snapshot)[found] == "Bend the wrist slowly."
    assert score > 0.7
    assert [texts(snapshot)[row] for row, _ in snapshot.lexical("resting ankles", 9)] == [
        "Rest the ankle for two days.",
        "Then walk.",
    ]


def test_pages_of_every_format_go_in_together(bench: Bench) -> None:
    report = bench.ingest(PAGES / "stiff-neck.md", PAGES / "shin-splints.txt")
    assert report.added == ("stiff-neck", "shin-splints")
    snapshot = bench.open()
    step = snapshot.lexical("nod", 1)[0][0]
    row = snapshot.rows[step]
    passage = snapshot.passages[row.passage]
    sentence = passage.sentences[row.index]
    assert (sentence.block, sentence.lead) == ("step", "Try these in turn:")
    page = snapshot.articles[passage.article]
    assert page.text[sentence.start : sentence.end] == "Nod, 5 times."


def test_nothing_new_publishes_nothing_and_asks_no_model(bench: Bench) -> None:
    bench.ingest()
    bench.model.embedded.clear()
    report = bench.ingest()
    assert (report.unchanged, report.generation) == (("ankle", "wrist"), "gen-000001")
    assert (report.passages, report.sentences) == (2, 4)
    assert bench.model.embedded == []


def test_an_ingest_without_changes_imports_neither_torch_nor_chroma(bench: Bench) -> None:
    bench.ingest()
    script = (
        "import sys; from pathlib import Path; from ingest.run import ingest; "
        "from ingest.settings import IndexSettings; "
        f"r = ingest([], IndexSettings(index=Path({str(bench.settings.index)!r}), "
        f"corpus=Path({str(bench.settings.corpus)!r}))); "
        "assert r.unchanged == ('ankle', 'wrist'), r; "
        "print([m for m in ('torch', 'chromadb', 'transformers') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_only_changed_sentences_are_embedded_again(bench: Bench) -> None:
    bench.ingest()
    bench.model.embedded.clear()
    bench.write("ankle.md", ANKLE.replace("Then walk.", "Then hop."))
    bench.write("toe.md", "# Toe\n\nWiggle the toe.\n")
    (bench.settings.corpus / "wrist.md").unlink()
    report = bench.ingest()
    assert (report.added, report.changed, report.unchanged, report.removed) == (
        ("toe",),
        ("ankle",),
        (),
        ("wrist",),
    )
    assert bench.model.embedded == ["Ankle — Then hop.", "Toe — Wiggle the toe."]
    snapshot = bench.open()
    assert texts(snapshot) == ["Rest the ankle for two days.", "Then hop.", "Wiggle the toe."]
    for row, text in enumerate(texts(snapshot)):
        assert snapshot.dense(snapshot.vectors[row].tolist(), 1)[0][0] == row, text


def test_full_embeds_everything_again(bench: Bench) -> None:
    bench.ingest()
    bench.model.embedded.clear()
    report = bench.ingest(full=True)
    assert (report.unchanged, report.generation) == (("ankle", "wrist"), "gen-000002")
    assert len(bench.model.embedded) == 4


def test_another_passage_size_splits_anew_with_the_old_vectors(bench: Bench) -> None:
    bench.write("long.md", "# Long\n\n" + "One two three four five six seven eight nine ten. " * 4)
    assert bench.ingest().passages == 3
    bench.model.embedded.clear()
    assert bench.ingest(passage_words=20).passages == 4
    assert bench.model.embedded == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02", "not a text file"),
        (b"---\nreviewed: soon\n---\nRest.", "'reviewed' has value 'soon'"),
    ],
)
def test_a_broken_article_is_named_and_keeps_its_last_good_version(
    bench: Bench, data: bytes, reason: str
) -> None:
    bench.ingest()
    path = bench.write("ankle.md", data)
    bench.write("wrist.md", WRIST + "\nAnd rest.\n")
    report = bench.ingest()
    assert [(at, why) for at, why in report.failed if reason in why] == [
        (path, report.failed[0][1])
    ]
    assert (report.changed, report.unchanged, report.removed) == (("wrist",), (), ())
    snapshot = bench.open()
    assert "Then walk." in texts(snapshot)
    assert "And rest." in texts(snapshot)
    bench.write("ankle.md", ANKLE)
    assert bench.ingest().unchanged == ("ankle", "wrist")


def test_a_file_that_stays_broken_publishes_nothing_new(bench: Bench) -> None:
    bench.ingest()
    bench.write("ankle.md", b"")
    assert [bench.ingest().generation for _ in range(2)] == ["gen-000001", "gen-000001"]


def test_two_files_with_one_id_leave_the_first(bench: Bench) -> None:
    second = bench.write("ankle.txt", "Another ankle. With other words in it.")
    report = bench.ingest()
    assert report.added == ("ankle", "wrist")
    assert report.failed[0][0] == second
    assert "same id 'ankle'" in report.failed[0][1]


def test_a_file_of_unknown_format_is_named_when_given_and_passed_over_in_a_folder(
    bench: Bench,
) -> None:
    odd = bench.write("scan.pdf", b"%PDF")
    assert bench.ingest().failed == ()
    assert "unknown format '.pdf'" in bench.ingest(bench.settings.corpus, odd).failed[0][1]


def test_an_empty_corpus_publishes_nothing_and_leaves_the_index(bench: Bench) -> None:
    bench.ingest()
    shutil.rmtree(bench.settings.corpus)
    bench.settings.corpus.mkdir()
    report = bench.ingest()
    assert (report.generation, report.removed, report.is_good) == ("gen-000001", (), False)
    assert "Nothing published" in report.notes[0]
    snapshot = bench.open()
    assert len(snapshot.rows) == 4


def test_an_empty_corpus_makes_no_index(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.write("void.md", "")
    report = bench.ingest()
    assert (report.generation, report.is_good) == (None, False)
    with pytest.raises(IndexMissing, match=r"python -m ingest"):
        bench.open()


def test_a_path_that_does_not_exist_changes_nothing(bench: Bench) -> None:
    bench.ingest()
    with pytest.raises(FileNotFoundError, match="nowhere"):
        bench.ingest(bench.root / "nowhere")
    assert current(bench.settings.index) == "gen-000001"


def test_a_second_writer_is_told_that_the_index_is_busy(bench: Bench) -> None:
    bench.ingest()
    bench.write("toe.md", "Wiggle the toe.")
    with writer(bench.settings.index), pytest.raises(IndexBusy, match="Another ingest"):
        bench.ingest()
    assert bench.ingest().added == ("toe",)


def test_only_the_previous_generation_is_kept(bench: Bench) -> None:
    for number in range(4):
        bench.write("ankle.md", f"# Ankle\n\nRest for {number} days.\n")
        bench.ingest()
    names = sorted(path.name for path in bench.settings.index.glob("gen-*"))
    assert names == ["gen-000003", "gen-000004"]


def test_rollback_puts_the_previous_generation_back_in_use(bench: Bench) -> None:
    bench.ingest()
    bench.write("ankle.md", "# Ankle\n\nA mistake.\n")
    bench.ingest()
    assert rollback(bench.settings.index) == "gen-000001"
    snapshot = bench.open()
    assert "Then walk." in texts(snapshot)
    with pytest.raises(IndexMissing, match="no generation before"):
        rollback(bench.settings.index)
    assert bench.ingest().generation == "gen-000003"
    assert rollback(bench.settings.index) == "gen-000001"


def test_an_open_snapshot_outlives_its_generation(bench: Bench) -> None:
    bench.ingest()
    snapshot = bench.open()
    for number in range(3):
        bench.write("ankle.md", f"# Ankle\n\nRest for {number} days.\n")
        bench.ingest()
    assert snapshot.dense(bench.model.embed_query("walk"), 4)
    assert snapshot.lexical("walk", 4)


def test_lexical_scores_are_lucene_bm25(tmp_path: Path) -> None:
    """By hand: N=2, df=1, tf=2, length 3 of 2.5 on average, k1=1.5, b=0.75 (Kamphuis 2020, Lucene).

    ln(1 + (2 - 1 + 0.5) / (1 + 0.5)) · 2 / (2 + 1.5 · (0.25 + 0.75 · 3 / 2.5)) = 0.3722
    """
    bench = Bench(tmp_path)
    bench.write("a.md", "Ice, ice, knee. Rest, knee.")
    bench.ingest()
    snapshot = bench.open()
    assert [(row, round(score, 4)) for row, score in snapshot.lexical("ice", 9)] == [(0, 0.3722)]
    assert snapshot.lexical("the", 9) == []
    assert snapshot.lexical("", 9) == []


def test_many_threads_may_search_one_snapshot(bench: Bench) -> None:
    bench.ingest()
    snapshot = bench.open()
    with ThreadPoolExecutor(8) as threads:
        vector = bench.model.embed_query("walk")
        alone = (snapshot.dense(vector, 3), snapshot.lexical("resting wrists", 3))
        together = threads.map(
            lambda _: (snapshot.dense(vector, 3), snapshot.lexical("resting wrists", 3)), range(200)
        )
        assert all(found == alone for found in together)


def test_the_vocabulary_is_the_words_of_the_articles(bench: Bench) -> None:
    bench.write("ankle.md", "# The Ankle’s pain\n\nResting – 2 days.\n")
    bench.ingest()
    snapshot = bench.open()
    assert {"ankle's", "ankle", "pain", "resting", "2", "wrist"} <= snapshot.vocabulary


def damaged(bench: Bench, pattern: str) -> Path:
    path = next(iter(sorted((bench.settings.index / "gen-000001").rglob(pattern))))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "pattern", ["data_level0.bin", "chroma.sqlite3", "articles.json", "*.index.npy"]
)
def test_a_damaged_file_is_named_before_anything_opens_it(bench: Bench, pattern: str) -> None:
    bench.ingest()
    path = damaged(bench, pattern)
    with pytest.raises(IndexMismatch, match="is damaged") as caught:
        bench.open()
    assert path.name in str(caught.value)


def test_a_lost_file_is_named(bench: Bench) -> None:
    bench.ingest()
    next((bench.settings.index / "gen-000001").rglob("length.bin")).unlink()
    with pytest.raises(IndexMismatch, match=r"length\.bin' is missing"):
        bench.open()


def test_a_damaged_manifest_is_named(bench: Bench) -> None:
    bench.ingest()
    (bench.settings.index / "gen-000001" / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(IndexMismatch, match=r"manifest\.json"):
        bench.open()


def test_a_damaged_index_is_rebuilt_from_the_articles_with_a_note(bench: Bench) -> None:
    bench.ingest()
    damaged(bench, "data_level0.bin")
    report = bench.ingest()
    assert "is damaged" in report.notes[0]
    snapshot = bench.open()
    assert len(snapshot.rows) == 4


def test_an_index_of_another_model_is_refused_with_the_command_that_helps(bench: Bench) -> None:
    bench.ingest(model="bge-small")
    with pytest.raises(IndexMismatch, match=r"built with 'bge-small'.*python -m ingest --full"):
        bench.open()


@pytest.mark.parametrize("moment", ["embedding", "switching"])
def test_kill_9_at_any_moment_leaves_the_old_generation_in_use(bench: Bench, moment: str) -> None:
    bench.ingest()
    bench.write("toe.md", "# Toe\n\nWiggle the toe.\n")
    script = f"""
import os, signal, sys
from pathlib import Path
from ingest.run import ingest
from ingest.settings import IndexSettings
from tests.fakes import WordCountEmbeddings

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

class Dying(WordCountEmbeddings):
    def embed_documents(self, texts):
        if {moment!r} == "embedding":
            die()
        return super().embed_documents(texts)

os.replace = die if {moment!r} == "switching" else os.replace
settings = IndexSettings(index=Path({str(bench.settings.index)!r}))
ingest([Path({str(bench.settings.corpus)!r})], settings, load=lambda _: Dying())
"""
    killed = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert killed.returncode == -9, killed.stderr
    snapshot = bench.open()
    assert snapshot.generation == "gen-000001"
    assert len(snapshot.rows) == 4
    assert bench.ingest().added == ("toe",)
    left = sorted(path.name for path in bench.settings.index.glob("gen-*"))
    assert left[0] == "gen-000001"
    assert len(left) == 2
