import { readFile } from 'node:fs/promises';
import { ApiProperty } from '@nestjs/swagger';

export class DemoStateResponse {
  @ApiProperty({ description: 'The demo data is being loaded and is not complete yet' })
  loading!: boolean;
  @ApiProperty({ type: String, nullable: true, description: 'The current step' }) step!: string | null;
}

/** Reads what `npm start` wrote last. A missing file, or one that is being written, means that nothing is being loaded. */
export async function demoState(file: string | null): Promise<DemoStateResponse> {
  const text = file === null ? '' : await readFile(file, 'utf8').catch(() => '');
  const { loading, step } = parsed(text);
  return { loading: loading === true, step: loading === true && typeof step === 'string' ? step : null };
}

function parsed(text: string): { loading?: unknown; step?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as object;
  } catch {
    return {};
  }
}
