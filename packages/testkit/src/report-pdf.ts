import { PDFDocument, type PDFFont, type PDFPage, StandardFonts, rgb } from 'pdf-lib';

export interface ReportFacts {
  shortId: string;
  packageName: string;
  status: string;
  score: string;
  ordered: string;
  checks: { type: string; status: string; score: string }[];
}

const ink = rgb(0.11, 0.14, 0.2);
const grey = rgb(0.42, 0.46, 0.53);
const line = rgb(0.86, 0.88, 0.91);
const brand = rgb(0.1, 0.36, 0.42);
const warning = rgb(0.72, 0.18, 0.13);
const left = 56;
const right = 539;

/** One page that looks like a report and states that it is none. */
export async function reportPdf(facts: ReportFacts): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  document.setTitle(`Background check report ${facts.shortId}`);
  document.setProducer('Stand-in Certn');
  const page = document.addPage([595, 842]);
  const fonts = {
    plain: await document.embedFont(StandardFonts.Helvetica),
    bold: await document.embedFont(StandardFonts.HelveticaBold),
  };
  const pen = new Pen(page, fonts);
  heading(pen);
  summary(pen, facts);
  checkList(pen, facts);
  pen
    .at(left, 48)
    .text('Stand-in Certn – not a real report. Made for trying things out; nobody was checked.', 9, warning);
  return document.save();
}

/** Characters that the standard fonts lack become question marks instead of failing. */
class Pen {
  readonly page: PDFPage;
  private readonly fonts: { plain: PDFFont; bold: PDFFont };
  private x = left;
  private y = 0;

  constructor(page: PDFPage, fonts: { plain: PDFFont; bold: PDFFont }) {
    this.page = page;
    this.fonts = fonts;
  }

  at(x: number, y: number): this {
    this.x = x;
    this.y = y;
    return this;
  }

  text(words: string, size: number, color = ink, weight: 'plain' | 'bold' = 'plain'): this {
    const safe = words.replace(/[^\x20-\x7e\u00a0-\u00ff\u2013]/g, '?');
    this.page.drawText(safe, { x: this.x, y: this.y, size, font: this.fonts[weight], color });
    return this;
  }

  rule(y: number): void {
    this.page.drawLine({ start: { x: left, y }, end: { x: right, y }, thickness: 0.8, color: line });
  }
}

function heading(pen: Pen): void {
  pen.page.drawRectangle({ x: 0, y: 752, width: 595, height: 90, color: brand });
  pen.at(left, 802).text('Background check report', 22, rgb(1, 1, 1), 'bold');
  pen.at(left, 778).text('Stand-in Certn – not a real report', 11, rgb(0.86, 0.94, 0.95));
}

function summary(pen: Pen, facts: ReportFacts): void {
  const rows: [string, string][] = [
    ['Case', facts.shortId],
    ['Package', facts.packageName],
    ['Ordered', facts.ordered],
    ['Status', facts.status],
  ];
  rows.forEach(([label, value], index) => {
    const y = 710 - index * 24;
    pen.at(left, y).text(label, 10, grey);
    pen.at(150, y).text(value, 11);
  });
  pen.at(left, 596).text('Overall score', 10, grey);
  pen.at(150, 592).text(facts.score, 20, brand, 'bold');
  pen.rule(570);
}

function checkList(pen: Pen, facts: ReportFacts): void {
  pen.at(left, 540).text('Checks', 14, ink, 'bold');
  const columns = [left, 330, 450];
  ['Check', 'Status', 'Score'].forEach((title, index) => pen.at(columns[index]!, 514).text(title, 9, grey));
  pen.rule(506);
  facts.checks.slice(0, 16).forEach((check, index) => {
    const y = 486 - index * 26;
    pen.at(columns[0]!, y).text(check.type, 10);
    pen.at(columns[1]!, y).text(check.status, 10);
    pen.at(columns[2]!, y).text(check.score, 10, ink, 'bold');
    pen.rule(y - 10);
  });
}
