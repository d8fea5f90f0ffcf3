// Numbers as one reads them, their thousands apart: 1,234.

import { language } from "./words.js";

const format = new Intl.NumberFormat(language);
export const number = (many) => format.format(many);
