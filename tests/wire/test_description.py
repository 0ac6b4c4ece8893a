"""Whether requests are held to Discord's own description of its API."""

import pytest

from tests.wire.openapi import DOCUMENT, NO_DESCRIPTION, violations


@pytest.mark.skipif(not DOCUMENT.exists(), reason=NO_DESCRIPTION)
def test_a_request_that_discord_would_refuse_is_seen():
    path = "/channels/1/messages"
    assert violations("POST", path, {"nonce": "1", "enforce_nonce": True, "flags": 0}) == []
    assert violations("POST", path, {"nonce": ["1"]})
