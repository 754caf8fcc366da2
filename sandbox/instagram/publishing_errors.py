"""What publishing refuses (docs/sources.md: S3b), by code and subcode, with the words for the person."""

REFUSALS: dict[tuple[int, int], tuple[str, str]] = {
    (-2, 2207003): ("Timeout", "It took too long to download the media."),
    (-2, 2207020): (
        "Media expired",
        "The media you are trying to access has expired. Please try to upload again.",
    ),
    (-1, 2207001): ("Server error", "Instagram server error. Try again."),
    (-1, 2207032): (
        "Create media fail",
        "Failed to create a media container. Please try to create it again.",
    ),
    (-1, 2207053): ("Unknown upload error", "An unknown error occurred while the video was uploaded."),
    (1, 2207057): ("Thumbnail offset invalid", "Thumb offset must be between 0 and the video's duration."),
    (4, 2207051): ("Action is blocked", "We restrict certain activity to protect our community."),
    (9, 2207042): ("Too many posts", "You reached the maximum number of posts that can be published by API."),
    (24, 2207006): ("Media not found", "The media with this id cannot be found."),
    (24, 2207008): (
        "Media builder expired",
        "The media builder with this creation id does not exist or expired.",
    ),
    (25, 2207050): ("Account restricted", "The Instagram account is restricted."),
    (100, 2207023): ("Unknown media type", "The media type is unknown."),
    (100, 2207028): ("Carousel validation failed", "A carousel needs between 2 and 10 items."),
    (100, 2207035): ("Product tag invalid", "Product tag positions should not be specified for video media."),
    (100, 2207036): ("Product tag invalid", "Product tag positions are required for photo media."),
    (100, 2207037): ("Product tag invalid", "The product tag is not valid."),
    (100, 2207040): ("Too many tags", "Cannot use more than 20 @ tags per created media."),
    (352, 2207026): ("Unsupported video format", "The video format is not supported."),
    (9004, 2207052): ("Only photo or video", "The media could not be fetched from this URI, or is neither."),
    (9007, 2207027): ("Media not ready", "The media is not ready for publishing, please wait for a moment."),
    (36000, 2207004): (
        "Image too large",
        "The image is too large to download. It should be less than 8 MiB.",
    ),
    (36001, 2207005): ("Image format not supported", "The image format is not supported."),
    (36003, 2207009): ("Aspect ratio not supported", "The aspect ratio must be between 4:5 and 1.91:1."),
    (36004, 2207010): ("Caption too long", "The caption was too long."),
    # Seen, not documented; their codes are our guesses.
    (-1, 2207076): ("Media download failed", "The media could not be downloaded."),
    (-1, 2207077): ("Video download failed", "The video could not be downloaded."),
    (100, 2207081): ("Trial reels", "This account can't publish trial reels."),
    (-1, 2207082): ("Transcoding failed", "The video could not be transcoded."),
    (-1, 2207085): ("Processing failed", "The video could not be processed."),
}

CODES = {subcode: code for code, subcode in REFUSALS}

TRANSIENT = frozenset({2207001, 2207003, 2207008, 2207032, 2207053})
"""Those that Meta says to try again."""
