"""A schema table as toolkits publish them, cut down to what the tests look at."""

from __future__ import annotations

from typing import Any

GMAIL: dict[str, Any] = {
    "slug": "gmail",
    "name": "Gmail",
    "tools": [
        {
            "slug": "GMAIL_SEND_EMAIL",
            "name": "Send Email",
            "description": "Sends an email.",
            "toolkitSlug": "gmail",
            "inputParameters": {
                "type": "object",
                "title": "SendEmailRequest",
                "properties": {
                    "attachment": {
                        "type": "string",
                        "format": "path",
                        "title": "FileUploadable",
                        "file_uploadable": True,
                    },
                    "body": {"type": "string", "default": None, "nullable": True},
                    "subject": {"type": "string", "default": None, "nullable": True},
                },
            },
            "outputParameters": {
                "type": "object",
                "properties": {
                    "data": {
                        "type": "object",
                        "properties": {"id": {"type": "string", "nullable": True}},
                    },
                    "error": {"type": "string", "nullable": True},
                    "successful": {"type": "boolean"},
                },
                "required": ["data", "successful"],
            },
        }
    ],
}
