"""What nobody could say for sure about publishing on Instagram, and how fast the emulated one is."""

from sandbox.switches import Switch

PUBLISHING = (
    Switch("processing_seconds", 3, "From a fetched video to FINISHED.", "ours"),
    Switch("processing_seconds_per_100_mb", 10, "And how much longer for each 100 MB.", "ours"),
    Switch("image_processing_seconds", 1, "From a fetched image to FINISHED.", "S33a: seconds"),
    Switch(
        "fetch_seconds", 120, "The longest that fetching media may take; then -2/2207003.", "S3b, no figure"
    ),
    Switch(
        "image_fetch",
        "at_once",
        "An image is fetched and checked before the container's id is given, or afterwards.",
        "undocumented; an id does not mean that the media was accepted",
        ("at_once", "later"),
    ),
    Switch(
        "media_request",
        "whole",
        "How media is fetched: by one GET, or by ranges.",
        "undocumented",
        ("whole", "ranged"),
    ),
    Switch("follows_redirects", True, "A redirect of the media's address is followed.", "undocumented"),
    Switch("obeys_robots", True, "robots.txt of the media's host is asked first.", "S37"),
    Switch(
        "uppercase_urls",
        "accepted",
        "Capital letters in the path of a media address.",
        "S4: percent-encode",
        ("accepted", "refused"),
    ),
    Switch(
        "unreachable",
        "9004/2207052",
        "The error for media that can't be fetched.",
        "S3b against S20, S40",
        ("9004/2207052", "-1/2207076", "-1/2207077"),
    ),
    Switch(
        "media_checks",
        True,
        "Media is held against S4's limits; off takes any bytes, for tests of speed.",
        "ours",
    ),
    Switch("edit_lists", True, "A video with an edit list is taken.", "S4 forbids it, in practice most pass"),
    Switch(
        "index_last", True, "A video whose index comes last is taken.", "S4 forbids it, in practice most pass"
    ),
    Switch(
        "megabyte",
        "binary",
        "What a megabyte of S4's limits is.",
        "S3b says 8 MiB for images",
        ("binary", "decimal"),
    ),
    Switch(
        "caption_units",
        "code_points",
        "How the 2,200 of a caption are counted.",
        "undocumented",
        ("code_points", "utf16"),
    ),
    Switch("hashtags", 30, "The most hashtags of a caption.", "S4 against S37, which says 5"),
    Switch("mentions", 20, "The most @ tags of a caption.", "S4 against S37, which says 3"),
    Switch("share_to_feed_default", True, "What a reel without share_to_feed does.", "undocumented"),
    Switch(
        "feed_video",
        "refused",
        "media_type VIDEO outside a carousel.",
        "ended 2023-11-09, the guide still lists it",
        ("refused", "reel"),
    ),
    Switch(
        "collaborators",
        "accepted",
        "collaborators with Instagram Login.",
        "overview against reference",
        ("accepted", "refused"),
    ),
    Switch(
        "trial_reels",
        "accepted",
        "Whether accounts may publish trial reels; refused with 2207081.",
        "S20",
        ("accepted", "refused"),
    ),
    Switch("containers_a_day", 400, "Containers per account in 24 hours.", "S4"),
    Switch(
        "container_cap_error",
        "9/2207042",
        "The error beyond that.",
        "undocumented",
        ("9/2207042", "4"),
    ),
    Switch(
        "expired_publish",
        "24/2207008",
        "Answer to publishing an expired container.",
        "S3b has both",
        ("24/2207008", "-2/2207020"),
    ),
    Switch(
        "second_publish",
        "9007/2207027",
        "Publishing a published container again: refused, answered with the first id, or one more post.",
        "undocumented",
        ("9007/2207027", "24/2207006", "same_id", "another_post"),
    ),
    Switch(
        "published_lag_seconds",
        0,
        "How long a published container still reads FINISHED.",
        "undocumented",
    ),
    Switch("media_list_lag_seconds", 0, "How long a new post is missing from GET /media.", "undocumented"),
    Switch(
        "media_product_type",
        False,
        "The field media_product_type exists with Instagram Login.",
        "S10: documented for Facebook Login",
    ),
)
