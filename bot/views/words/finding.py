"""What a preflight finding means and what to do about it. Plain text: the code names it, its values fill it in."""

from collections.abc import Mapping

from core.domain.limits import Severity
from core.domain.preflight import Finding, Verdict

VERDICT: Mapping[Verdict, str] = {
    Verdict.READY: "Ready",
    Verdict.WARNINGS: "Ready, with warnings",
    Verdict.BLOCKED: "Blocked",
}
SEVERITY: Mapping[Severity, str] = {
    Severity.BLOCK: "Blocks",
    Severity.WARN: "Warning",
    Severity.QUESTION: "Question",
}

TITLE: Mapping[str, str] = {
    "file.empty": "Empty file",
    "file.not_media": "Not a video or picture",
    "file.page": "A web page",
    "file.playlist": "A playlist",
    "file.refers_elsewhere": "Needs other files",
    "file.truncated": "Cut off",
    "file.untrue": "Damaged index",
    "file.unreadable": "Can't be decoded",
    "file.too_slow": "Too slow to read",
    "file.wrong_extension": "Misleading name",
    "file.disagrees": "Contradicts itself",
    "file.kind": "Wrong kind of file",
    "video.container": "Container",
    "video.size": "File size",
    "video.moov": "Index position",
    "video.edit_lists": "Edit list",
    "video.codec": "Video codec",
    "video.chroma": "Colour sampling",
    "video.depth": "Colour depth",
    "video.dynamic": "HDR",
    "video.scan": "Interlacing",
    "video.gop": "Groups of pictures",
    "video.fps": "Frame rate",
    "video.rate": "Variable frame rate",
    "video.side": "Picture size",
    "video.width": "Width",
    "video.ratio": "Shape",
    "video.shape": "Screen",
    "video.duration": "Length",
    "video.bit_rate": "Video bit rate",
    "audio.codec": "Audio codec",
    "audio.rate": "Sample rate",
    "audio.channels": "Audio channels",
    "audio.bit_rate": "Audio bit rate",
    "audio.tracks": "Audio track",
    "audio.rights": "Music rights",
    "image.format": "Picture format",
    "image.size": "File size",
    "image.width": "Width",
    "image.short_side": "Shorter side",
    "image.long_side": "Longer side",
    "image.ratio": "Shape",
    "image.colour": "Colours",
    "image.motion": "Animation",
    "post.items": "Number of files",
    "caption.units": "Caption length",
    "caption.characters": "Caption length",
    "caption.hashtags": "Hashtags",
    "caption.mentions": "Mentions",
    "title.units": "Title length",
    "account.publish": "Account link",
    "account.quota": "Posts left",
    "account.stale": "Account's limits",
}
"""By code, or by its subject where it also has a bound."""

ADVICE: Mapping[str, str] = {
    "file.empty": "Nothing is in this file. Export or download it again.",
    "file.not_media": "Choose a video or a picture; this file is neither.",
    "file.page": "This is a web page ({measured}), not the file itself. Download the file, then try again.",
    "file.playlist": "This only lists other files ({measured}). Export the video itself as one MP4 file.",
    "file.refers_elsewhere": "Parts of this video are in other files. Export it as one self-contained MP4 file.",
    "file.truncated": "The end is missing. Wait until the export or upload is finished, then choose the file again.",
    "file.untrue": "The index says things that can't be true. Repacking the file usually mends it.",
    "file.unreadable": "The file can't be decoded. Play it to the end once; if it stops, export it again.",
    "file.too_slow": "Reading this file took too long, so we stopped. Export it again with usual settings.",
    "file.wrong_extension": "The name doesn't fit what is inside ({measured}). Rename the file.",
    "file.disagrees": "The file says two things about itself ({measured}). Export it again if it looks wrong.",
    "file.kind": "This target takes {allowed}. Choose another file or another target.",
    "video.container.in": "Repack the video as MP4; nothing is lost.",
    "video.size.max": "Make it smaller: a lower bit rate, or a shorter part.",
    "video.moov.in": "Repack the video with its index first (“fast start”, “web optimized”); nothing is lost.",
    "video.edit_lists.max": "Most such videos are accepted all the same. Repacking without edit lists makes sure.",
    "video.codec.in": "Convert the video to H.264.",
    "video.chroma.in": "Convert the video to 4:2:0, the usual colour sampling.",
    "video.dynamic.in": "Colours may look washed out. Convert the video to standard range (SDR).",
    "video.scan.in": "Deinterlace the video.",
    "video.gop.in": "Convert the video with closed groups of pictures.",
    "video.fps.min": "Convert the video to a constant 30 frames a second.",
    "video.fps.max": "Convert the video to a constant 60 or 30 frames a second.",
    "video.rate.in": "Sound may drift away from the picture. Convert to a constant frame rate if it does.",
    "video.side.min": "Scale the video up, or export it larger.",
    "video.side.max": "Scale the video down.",
    "video.width.max": "Scale the video down.",
    "video.ratio.min": "Add borders at the sides, or crop it.",
    "video.ratio.max": "Add borders above and below, or crop it.",
    "video.shape.in": "It won't fill the screen, and may not be shown everywhere. Crop it if that matters.",
    "video.duration.min": "Choose a longer part.",
    "video.duration.max": "Choose which part to keep, and trim the rest.",
    "video.bit_rate.max": "Convert the video with a lower bit rate.",
    "audio.codec.in": "Convert the sound to AAC.",
    "audio.rate.max": "Convert the sound to 48 kHz.",
    "audio.channels.max": "Mix the sound down to stereo.",
    "audio.bit_rate.max": "Usually accepted all the same. Convert the sound to 128 kbit/s to make sure.",
    "audio.tracks.min": "It will be silent, and some videos without sound are refused. Add a sound track if you can.",
    "audio.rights": "Only people know whose music this is. Say so once before it is posted.",
    "image.format.in": "Convert the picture to JPEG.",
    "image.size.max": "Save the picture smaller.",
    "image.width.min": "It will be scaled up and look soft. Choose a larger picture.",
    "image.width.max": "It will be scaled down. Save it smaller to decide how it looks.",
    "image.short_side.max": "It may be scaled down or refused. Save it smaller to make sure.",
    "image.long_side.max": "It may be scaled down or refused. Save it smaller to make sure.",
    "image.ratio.min": "Crop the picture, or add borders at the sides.",
    "image.ratio.max": "Crop the picture, or add borders above and below.",
    "image.colour.in": "Colours will be converted to sRGB and may change. Save the picture in sRGB to see how.",
    "image.motion.in": "Only the first picture would be shown. Post it as a video to keep the motion.",
    "post.items.min": "Add more files.",
    "post.items.max": "Leave some files out.",
    "caption.units.max": "Shorten the caption. Emoji count double.",
    "caption.characters.max": "Shorten the caption.",
    "caption.hashtags.max": "Leave out some hashtags.",
    "caption.mentions.max": "Leave out some mentions.",
    "title.units.max": "Shorten the title. Emoji count double.",
    "account.publish": "This account can't be posted to right now. Run /crosslink status to see what it needs.",
    "account.quota": "The account has used up its posts for now. A post waits until there is room.",
    "account.stale": "What this account allows was asked for a while ago. Check again before posting.",
}
_UNKNOWN = "This could not be told from the file. Repacking it usually helps."
_ELSE = "Have a look at this before posting."
_POPULAR = "Choose sound that is {allowed}: with popular music this post can be muted or taken down."


def title(finding: Finding) -> str:
    """Return what a finding is about, in a word or two."""
    return TITLE.get(finding.code) or TITLE.get(finding.code.rpartition(".")[0], "Other")


def advice(finding: Finding) -> str:
    """Return what to do, in a sentence or two."""
    if finding.code == "audio.rights" and finding.severity is not Severity.QUESTION:
        return _POPULAR.format(allowed=finding.allowed)
    if finding.measured == "unknown":
        return _UNKNOWN
    return ADVICE.get(finding.code, _ELSE).format(measured=finding.measured, allowed=finding.allowed)


def place(finding: Finding) -> str:
    """Return where it is, with the file's number where a post has several."""
    return f"file {finding.item}, {finding.where}" if finding.item else finding.where
