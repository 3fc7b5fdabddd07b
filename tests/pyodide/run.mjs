// Starts Pyodide, installs the wheels and calls a function of tests/pyodide/inside.py: node run.mjs task.json report.json
//
// The task: pyodide (its folder), root (the project), wheels (installed), data (files that Lite's Import/Export would
// hold, each with its folder), environment (variables), and what to do: call, argument.

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [asked, told] = process.argv.slice(2);
const task = JSON.parse(fs.readFileSync(asked, "utf-8"));
const seconds = {};
let begun = performance.now();

function measured(what) {
  const now = performance.now();
  seconds[what] = (now - begun) / 1000;
  begun = now;
}

const { loadPyodide } = await import(pathToFileURL(path.join(task.pyodide, "pyodide.mjs")));
const pyodide = await loadPyodide({ env: task.environment ?? {} });
measured("boot");

const site = pyodide.runPython("import site; site.getsitepackages()[0]");
for (const wheel of task.wheels) {
  pyodide.unpackArchive(new Uint8Array(fs.readFileSync(wheel)), "wheel", { extractDir: site });
}
for (const [folder, file] of task.data ?? []) {
  pyodide.FS.mkdirTree(folder);
  pyodide.FS.writeFile(`${folder}/${path.basename(file)}`, new Uint8Array(fs.readFileSync(file)));
}
measured("install");

pyodide.FS.mkdirTree("/project/tests");
pyodide.mountNodeFS("/project/tests", path.join(task.root, "tests"));
pyodide.runPython("import sys; sys.path.append('/project'); sys.dont_write_bytecode = True");
begun = performance.now();
try {
  const answer = pyodide.pyimport("tests.pyodide.inside")[task.call](pyodide.toPy(task.argument ?? null));
  measured("call");
  fs.writeFileSync(told, `{"seconds": ${JSON.stringify(seconds)}, "answer": ${answer}}`); // 1.0 is not 1 in Python
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
process.exit(0);
