// Colours, each with its partner for a dark page, and the style of a card.
import { LEFT, RIGHT } from "./plane.js";

export const BLUE = "light-dark(#0072B2, #6DCAFF)", VERMILION = "light-dark(#C04F00, #FFAB70)";
export const INK = "light-dark(#1A1A1A, #EDEDED)", GREY = "light-dark(#666, #B0B0B0)";
export const RIVAL = "light-dark(#333333, #D6D6D6)", PURPLE = "light-dark(#7A3E9D, #CFA6EA)";
export const TEAL = "light-dark(#0F7B6C, #5CCFBD)", PAPER = "light-dark(#FFF, #121212)";
export const RULE = "var(--rule)", AXIS = "var(--axis)", TICK = "var(--tick)"; // of contrast to choose
export const FAINT = "light-dark(#EFEFEF, #333)", HATCH = "light-dark(#8A8A8A, #8F8F8F)";

export const CSS = `
:host { all: initial; color-scheme: inherit; display: block; container-type: inline-size; color: ${INK};
  --rule: light-dark(#EAEAEA, #333); --axis: light-dark(#888, #8A8A8A); --tick: light-dark(#444, #C4C4C4);
  font: 15px/1.45 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
.card { background: ${PAPER}; border-radius: 8px; padding: 10px 14px 12px; }
.alone { border: 1px solid light-dark(#DDD, #444); max-width: 950px; }
.stage { display: grid; gap: 4px 24px; grid-template-columns: minmax(0, 680px) minmax(min-content, 1fr); }
.note { min-height: 1.5em; margin: 8px 0 0; font-size: .93em; }
@container (max-width: 700px) { .note { min-height: 3em; }
  .stage { grid-template-columns: minmax(0, 1fr); } }
svg { display: block; width: 100%; font-size: 13px; }
math { font-size: 1.2em; } mtd { text-align: left; padding: .1em .4em; }
.equation { margin: 12px 0 16px; } .wide { grid-column: 1 / -1; margin: 4px 0; padding: 4px 0; overflow-x: auto; }
table { border-collapse: collapse; font-size: 1.15em; font-variant-numeric: tabular-nums; }
th { font-style: italic; font-weight: 600; text-align: left; padding: 1px 16px 1px 0; }
td { padding: 0; white-space: nowrap; } td span { display: inline-block; min-width: .75em; }
.g { color: ${BLUE}; fill: ${BLUE}; } .p { color: ${VERMILION}; fill: ${VERMILION}; }
.m { color: ${PURPLE}; fill: ${PURPLE}; } .r { color: ${RIVAL}; fill: ${RIVAL}; }
.parting { padding-left: 18px; } .apart { background: left / 10px 1.3em no-repeat
  repeating-linear-gradient(135deg, ${HATCH} 0 1px, ${FAINT} 1px 5px); }
.on { font-size: 15px; text-anchor: middle; paint-order: stroke; stroke: ${PAPER}; stroke-width: 4px; }
ol { margin: 10px 0 0; padding-left: 1.4em; } li { margin: 4px 0; }
.row { display: grid; grid-template-columns: ${LEFT / 6.4}% ${(RIGHT - LEFT) / 6.4}% auto;
  align-items: center; min-height: 30px; font-variant-numeric: tabular-nums; }
.row span { padding-left: 18px; }
input { accent-color: ${BLUE}; margin: 0; } .row input { margin: 0 -8px; } /* a handle is 16 wide */
:focus-visible { outline: 3px solid ${BLUE}; outline-offset: 2px; border-radius: 3px; }
fieldset { border: 0; border-left: 4px solid ${INK}; margin: 4px 0 12px; padding: 2px 0 2px 12px; }
legend { float: left; width: 100%; padding: 0; font-weight: 600; } legend + * { clear: both; }
fieldset label { display: inline-flex; gap: 6px; margin: 6px 20px 6px 0; } p { margin: 0; }
button { font: inherit; color: inherit; background: ${PAPER}; padding: 3px 12px; border-radius: 5px; }
button:disabled { color: light-dark(#6B6B6B, #A0A0A0); background: light-dark(#F3F3F3, #2A2A2A);
  border-color: light-dark(#CCC, #555); }
.grip { cursor: grab; fill: transparent; touch-action: none; } .grip:active { cursor: grabbing; }
.grip:hover { fill: light-dark(#0072B233, #6DCAFF44); } .locked .grip { display: none; }
.locked .secret { visibility: hidden; }
.live { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@container (max-width: 480px) { svg text, .on { font-size: 17px; }
  .row { grid-template-columns: ${LEFT / 6.4}% 1fr 4.6em; } .row input { margin: 0 -8px 0 0; } }
@media (prefers-contrast: more) { :host { --rule: light-dark(#999, #888);
  --axis: ${INK}; --tick: ${INK}; } .card { border-color: currentColor; } }
@media (forced-colors: active) { :host { color-scheme: light dark; } .card { border: 1px solid; }
  svg { forced-color-adjust: none; } }
@media print { .row, fieldset button { display: none; } .locked .secret { visibility: visible; } }`;
