import { PDFDocument } from 'pdf-lib';

export const pdf = PDFDocument;
