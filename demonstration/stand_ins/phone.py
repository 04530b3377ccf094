"""The stand-in telephone: a page of its own, never on the gateway, with the texts that arrived.

`python -m demonstration.stand_ins.phone --books FILE --port N [--host 127.0.0.1]`
"""

import argparse
import asyncio
import html
from dataclasses import asdict
from pathlib import Path

from aiohttp import web

from demonstration.stand_ins.smsc_books import Books, Sms

_PAGE = """<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5">
<meta name="viewport" content="width=device-width"><title>演示手机 · Stand-in telephone</title>
<style>body{{font:20px/1.5 sans-serif;max-width:40em;margin:1em auto;padding:0 1em}}
article{{border:1px solid #767676;border-radius:.5em;padding:.5em 1em;margin:1em 0}}
small{{color:#444}}input,button{{font:inherit;padding:.4em}}</style></head><body>
<h1>演示手机</h1>
<p>Every text the demonstration sent, newest first. No such page exists in a real county.</p>
<form><label>手机号 number <input name="number" value="{number}" inputmode="numeric"></label>
<button>看 show</button> <a href="/">所有号码 all</a></form>
{texts}
</body></html>"""


def pages(path: Path) -> web.Application:
    """The page, and the same as JSON at /sms.json, over the centre's books."""

    async def page(request: web.Request) -> web.Response:
        number, texts = _asked(path, request)
        shown = "\n".join(_article(text) for text in texts) or "<p>没有短信 nothing yet</p>"
        body = _PAGE.format(number=html.escape(number), texts=shown)
        return web.Response(text=body, content_type="text/html")

    async def as_json(request: web.Request) -> web.Response:
        _, texts = _asked(path, request)
        return web.json_response([asdict(text) for text in texts])

    application = web.Application()
    application.add_routes([web.get("/", page), web.get("/sms.json", as_json)])
    return application


def _asked(path: Path, request: web.Request) -> tuple[str, list[Sms]]:
    number = request.query.get("number", "").strip()
    telephone = f"86{number}" if len(number) == 11 else number
    if not path.exists():
        return number, []
    books = Books(path, read_only=True)
    try:
        return number, books.newest(telephone or None, limit=200)
    finally:
        books.close()


def _article(text: Sms) -> str:
    delivered = "" if text.stat == "DELIVRD" else " · 没送到 did not arrive"
    return (
        f"<article><small>{html.escape(text.telephone)} · {html.escape(text.taken_at)}{delivered}"
        f"</small><p>{html.escape(text.words)}</p></article>"
    )


async def serve(application: web.Application, host: str, port: int) -> web.AppRunner:
    """Serve an application until its runner is cleaned up."""
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner


async def _serve_forever(books: Path, host: str, port: int) -> None:
    runner = await serve(pages(books), host, port)
    try:
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--books", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    chosen = parser.parse_args()
    try:
        asyncio.run(_serve_forever(chosen.books, chosen.host, chosen.port))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
