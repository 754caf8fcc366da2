"""The schema's history. `HEAD` is the newest revision, known without loading what runs migrations."""

HEAD = "0002"
