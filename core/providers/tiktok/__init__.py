"""TikTok over its official API: Login Kit for the web and the Content Posting API."""
