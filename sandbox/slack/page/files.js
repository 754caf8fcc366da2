// Files in messages: pictures and videos are shown, the rest is named.

import { h, link, safeUrl } from "./dom.js";
import { icon } from "./icons.js";

function size(bytes) {
  if (!Number.isFinite(bytes)) return "";
  const [unit, divisor] = bytes < 1e3 ? ["B", 1] : bytes < 1e6 ? ["kB", 1e3] : bytes < 1e9 ? ["MB", 1e6] : ["GB", 1e9];
  return `${(bytes / divisor).toFixed(divisor === 1 ? 0 : 1)} ${unit}`;
}

function preview(file, url) {
  const type = file.mimetype ?? "";
  if (!url) return null;
  if (type.startsWith("image/")) return h("img", { src: url, alt: file.title ?? file.name, loading: "lazy" });
  if (type.startsWith("video/"))
    return h("video", { src: url, controls: true, preload: "metadata", "aria-label": file.name });
  return null;
}

export function fileCard(file) {
  const url = file.page_url ? safeUrl(file.page_url) : null;
  const name = file.name ?? file.title ?? file.id;
  const kind = (file.mimetype ?? "").startsWith("video/") ? "film" : "file";
  return h(
    "figure",
    { class: "file" },
    preview(file, url),
    h(
      "figcaption",
      {},
      icon(kind),
      h("span", { class: "file-name" }, url ? link(url, name) : name),
      h("span", { class: "muted" }, size(file.size)),
    ),
  );
}
