// Builds assistant/web/static/widget.js and widget.css; with --check only compares and measures.
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = join(HERE, "..", "..", "assistant", "web", "static");
const LIMIT = 15_000;
const TARGET = ["chrome99", "firefox98", "safari15.4"];

async function minified(path) {
  const source = await readFile(path, "utf8");
  return (await transform(source, { loader: "css", minify: true, target: TARGET })).code.trim();
}

const cssAsText = {
  name: "css-as-text",
  setup(api) {
    api.onLoad({ filter: /\.css$/ }, async (args) => ({
      contents: await minified(args.path),
      loader: "text",
    }));
  },
};

const result = await build({
  entryPoints: [join(HERE, "src", "main.ts")],
  bundle: true,
  minify: true,
  format: "iife",
  charset: "utf8",
  legalComments: "none",
  target: TARGET,
  plugins: [cssAsText],
  banner: { js: "/*! motcua widget, Apache-2.0 */" },
  write: false,
});

const files = {
  "widget.js": result.outputFiles[0].text,
  "widget.css": `${await minified(join(HERE, "src", "widget.css"))}\n`,
};
const size = gzipSync(files["widget.js"], { level: 9 }).length;
console.log(`widget.js: ${files["widget.js"].length} bytes, ${size} gzip (at most ${LIMIT})`);
if (size > LIMIT) {
  console.error("widget.js is too large");
  process.exitCode = 1;
}
for (const [name, text] of Object.entries(files)) {
  const path = join(OUT, name);
  if (process.argv.includes("--check")) {
    const committed = await readFile(path, "utf8").catch(() => "");
    if (committed !== text) {
      console.error(`${name} is not what the source builds: run "npm run build" and commit it`);
      process.exitCode = 1;
    }
  } else {
    await writeFile(path, text);
  }
}
