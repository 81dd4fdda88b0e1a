// Builds the front end: static/src/ (ours) -> static/dist/ (not committed). Run by make.

import { copyFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { compileAsync } from "sass";

const here = fileURLToPath(new URL(".", import.meta.url));
const source = join(here, "src");
const destination = join(here, "dist");
const packages = join(here, "..", "node_modules");

const target = "es2018"; // every browser that has <script type="module">, the only ones the scripts run in
const stylesheets = ["sharingwell", "admin"];
const modules = ["sharingwell"];
const classicScripts = ["js_enabled", "service_worker"]; // before the page is drawn, and without one: not modules

async function buildStylesheet(name) {
  const { css } = await compileAsync(join(source, `${name}.scss`), {
    loadPaths: [source, packages],
    quietDeps: true,
  });
  const { code } = await transform(css, { loader: "css", minify: true, target: ["safari12", "chrome64", "firefox67"] });
  await writeFile(join(destination, `${name}.css`), code);
}

async function buildScripts(names, format) {
  const entryPoints = names.map((name) => join(source, `${name}.js`));
  await build({ entryPoints, format, target, bundle: true, minify: true, outdir: destination, logLevel: "warning" });
}

async function copyOthers() {
  const entries = await readdir(source, { withFileTypes: true });
  const others = entries.filter((entry) => entry.isFile() && ![".js", ".scss"].includes(extname(entry.name)));
  await Promise.all(others.map(({ name }) => copyFile(join(source, name), join(destination, name))));
}

await rm(destination, { recursive: true, force: true });
await mkdir(destination, { recursive: true });
await Promise.all([
  ...stylesheets.map(buildStylesheet),
  buildScripts(modules, "esm"),
  buildScripts(classicScripts, "iife"),
  copyOthers(),
]);
