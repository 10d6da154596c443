import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const checkout = join(import.meta.dirname, '..', '..', '..');
const cache = join(checkout, 'node_modules', '.cache');

/** Chromium as it comes from npm, unpacked: nothing of the machine's is used but its C library. */
export const browserFolder = join(cache, 'browser');

/** Unpacks it once. An unpacking that was broken off leaves nothing behind that would be taken for the whole. */
export async function unpackBrowser(): Promise<void> {
  if (existsSync(browserFolder)) return;
  const unpacking = join(cache, `browser-${process.pid}`);
  mkdirSync(unpacking, { recursive: true });
  // The package unpacks into the folder for temporary files, wherever that is.
  const usual = process.env.TMPDIR;
  process.env.TMPDIR = unpacking;
  try {
    const { default: chromium, inflate } = await import('@sparticuz/chromium');
    await chromium.executablePath();
    await inflate(join(packageFolder(), 'bin', 'al2023.tar.br'));
  } finally {
    if (usual === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = usual;
  }
  writeFileSync(join(unpacking, 'fonts.conf'), fontsIn(join(browserFolder, 'fonts')));
  rmSync(browserFolder, { recursive: true, force: true });
  renameSync(unpacking, browserFolder);
}

function packageFolder(): string {
  const { resolve } = createRequire(import.meta.url);
  return join(dirname(resolve('@sparticuz/chromium')), '..');
}

const fontsIn = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}</dir><cachedir>${folder}-cache</cachedir></fontconfig>
`;
