import type { Type } from '@nestjs/common';

export type A = Type;
