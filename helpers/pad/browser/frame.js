// What stands around the lines: title, status, tools, and which keys are the pad's.
import { add, set } from "./dom.js";
import { gettext } from "../../explorer/browser/gettext.js";

const STATUS = {
  correct: ["✓", gettext("Correct")], "not yet": ["✗", gettext("Not yet")],
  unfinished: ["○", gettext("Right so far, not finished")], "not attempted": ["○", gettext("Nothing written yet")],
  fault: ["!", gettext("Not judged")],
};

// All keys but these are the pad's own; JupyterLab would take a letter for a command.
const isJupyters = ({ key, ctrlKey, metaKey, shiftKey }) =>
  key === "Escape" || (key === "Enter" && (shiftKey || ctrlKey || metaKey))
  || ((ctrlKey || metaKey) && !/^(Arrow|Backspace|Delete|Home|End|[acvxyzACVXYZ]$)/.test(key));

export function ownKeys(root) {
  const early = (event) => {
    if (root.contains(event.target)) root.toggleAttribute("data-lm-suppress-shortcuts", !isJupyters(event));
  };
  window.addEventListener("keydown", early, true);
  root.addEventListener("keydown", (event) => isJupyters(event) || event.stopPropagation());
  return () => window.removeEventListener("keydown", early, true);
}

export function build(root, sheet) {
  set(root, { class: "activation-pad", role: "group", "aria-label": gettext`Pad: ${sheet.title}` });
  add(root, "p", { class: "title" }).innerHTML = sheet.heading; // typeset by Python
  const list = add(root, "ol", { class: "lines", "aria-label": gettext("Lines") });
  const status = add(root, "div", { class: "status" });
  const tools = add(root, "div", { class: "tools" });
  add(root, "p", { class: "help" }, gettext("Enter: the next line. # a reason. Space: out of an exponent or a fraction. Alt+Enter: the line once more."));
  const live = add(root, "p", { class: "live", "aria-live": "polite" });
  return { root, list, status, tools, live };
}

export function writeStatus(node, { status, message }, first) {
  const [icon, word] = STATUS[status];
  node.dataset.status = status;
  node.replaceChildren();
  add(node, "span", { class: "icon", "aria-hidden": "true" }, icon);
  add(node, "b", {}, word);
  add(node, "span", {}, first || (status === "not attempted" ? "" : message));
}
