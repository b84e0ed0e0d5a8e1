"""The time limit: it ends what hangs, and leaves no trace."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator

import pytest

from gradient_conformance.laws.time_limit import TimeLimit, time_limit

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="there is no interval timer here"
)


def wait(seconds: float) -> None:
    """Wait in small steps, which a signal may interrupt."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.002)


@pytest.fixture
def own_handler() -> Iterator[list[int]]:
    """A handler of somebody else's, and the signals that it got."""
    got: list[int] = []

    def handler(number, frame):
        got.append(number)

    before = signal.signal(signal.SIGALRM, handler)
    yield got
    assert signal.getsignal(signal.SIGALRM) is handler
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def test_it_raises_after_the_time() -> None:
    start = time.monotonic()
    with pytest.raises(TimeLimit, match=r"no answer within 0\.05 s"), time_limit(0.05):
        wait(5)
    assert 0.05 <= time.monotonic() - start < 4


def test_what_is_fast_enough_is_left_alone() -> None:
    done = False
    with time_limit(5):
        done = True
    assert done
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def stubborn(kind: type[BaseException], caught: list[BaseException]) -> None:
    """Work that survives the first exception of a kind."""
    try:
        wait(5)
    except kind as survived:
        caught.append(survived)
    wait(5)


def test_code_that_catches_every_exception_does_not_escape() -> None:
    caught: list[BaseException] = []
    with pytest.raises(TimeLimit), time_limit(0.05):
        stubborn(Exception, caught)
    assert caught == []
    assert not issubclass(TimeLimit, Exception)


def test_code_that_catches_even_that_is_told_again() -> None:
    caught: list[BaseException] = []
    with pytest.raises(TimeLimit), time_limit(0.05):
        stubborn(BaseException, caught)
    assert [type(each) for each in caught] == [TimeLimit]


def test_the_handler_of_before_is_back(own_handler: list[int]) -> None:
    mine = signal.getsignal(signal.SIGALRM)
    with time_limit(5):
        assert signal.getsignal(signal.SIGALRM) is not mine
    assert signal.getsignal(signal.SIGALRM) is mine
    with pytest.raises(TimeLimit), time_limit(0.02):
        wait(5)
    assert signal.getsignal(signal.SIGALRM) is mine
    assert own_handler == []
    signal.raise_signal(signal.SIGALRM)
    assert own_handler == [signal.SIGALRM]


def test_an_error_in_the_block_comes_through_and_the_limit_is_off(own_handler: list[int]) -> None:
    with pytest.raises(KeyError, match="mine"), time_limit(0.05):
        raise KeyError("mine")
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    wait(0.1)
    assert own_handler == []


def test_one_inside_another_ends_the_inner_block_only(own_handler: list[int]) -> None:
    steps = []
    with time_limit(5):
        outer = signal.getsignal(signal.SIGALRM)
        with pytest.raises(TimeLimit, match=r"within 0\.05 s"), time_limit(0.05):
            wait(5)
        steps.append("after the inner one")
        assert signal.getsignal(signal.SIGALRM) is outer
    assert steps == ["after the inner one"]


def test_in_another_thread_there_is_no_limit() -> None:
    seen: list[str] = []
    before = signal.getsignal(signal.SIGALRM)

    def work() -> None:
        with time_limit(0.01):
            wait(0.05)
            seen.append("went on")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == ["went on"]
    assert signal.getsignal(signal.SIGALRM) is before
