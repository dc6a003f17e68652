from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ingest.plan import Source, plan

FILES = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["1", "2"]))


@given(FILES, FILES, st.sets(st.sampled_from("abcdef")))
def test_every_article_has_one_fate(
    old: dict[str, str], new: dict[str, str], protected: set[str]
) -> None:
    todo = plan(old, [Source(i, Path(i), s) for i, s in new.items()], protected=protected)
    fates = [*todo.drop, *(s.id for s in (*todo.keep, *todo.add, *todo.change))]
    assert len(fates) == len(set(fates))
    assert set(fates) == set(new) | (set(old) - protected)
    assert not protected & set(todo.drop)
