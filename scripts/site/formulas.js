// Sets formulas: a list of {formula, display} as JSON on standard input, a list of HTML on standard output.
// The argument is the file of KaTeX.
const katex = require(process.argv[2]);
const formulas = JSON.parse(require("fs").readFileSync(0, "utf8"));
let faults = 0;
const set = formulas.map(({ formula, display }) => {
  try {
    return katex.renderToString(formula, { displayMode: display, output: "html", strict: "error", throwOnError: true });
  } catch (error) {
    faults += 1;
    process.stderr.write(`${formula.trim()}\n    ${error.message}\n`);
  }
});
if (faults > 0) process.exit(1);
process.stdout.write(JSON.stringify(set));
