// Older Nodes take a `.js` file without a package.json for CommonJS; browsers do not.
import { register } from "node:module";

const hook = `export async function load(url, context, next) {
  return next(url, url.includes("/static/js/") ? { ...context, format: "module" } : context);
}`;
register("data:text/javascript," + encodeURIComponent(hook));
