"""Our own reader of ISO base media files (ISO/IEC 14496-12): MP4, QuickTime, fragments. Headers only, bounded."""

from core.media.iso.file import read_iso as read_iso
