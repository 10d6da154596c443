import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

interface RouteMarks {
  takesLines?: boolean;
  takesForm?: boolean;
  isStream?: boolean;
  waitsForOthers?: boolean;
}

/** What hooks know of a route before its controller runs. A route has one mark at most. */
const mark = (marks: RouteMarks): MethodDecorator => RouteConfig(marks);

/** The route reads `application/x-ndjson` from the raw request, enforces its own time limits, and gets no other body. */
export const TakesLines = (): MethodDecorator => mark({ takesLines: true });

/** The route accepts a form as its body, because a standard requires it. Of repeated names the last one counts. */
export const TakesForm = (): MethodDecorator => mark({ takesForm: true });

/** The answer lasts for hours. Such requests have a limit of their own. */
export const AnswersWithStream = (): MethodDecorator => mark({ isStream: true });

/** The answer waits for another system. Such requests queue among themselves and do not delay a person's other requests. */
export const WaitsForOthers = (): MethodDecorator => mark({ waitsForOthers: true });

export const marksOf = ({ routeOptions }: FastifyRequest): RouteMarks =>
  (routeOptions.config as RouteMarks | undefined) ?? {};
