import { RouteConfig } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { FastifyRequest } from 'fastify';

/** What leaves the API. Without `query`, `body` and `answer`: the whole route. */
export interface Deprecation {
  /** The day of the release that marked it, such as `2026-12-01`. */
  since: string;
  /** The first day on which it may be gone; at least one minor version later. */
  sunset: string;
  /** Parameters: only requests that send one are told. */
  query?: readonly string[];
  /** Fields of the request's body: only requests that send one are told. */
  body?: readonly string[];
  /** Fields of the answer: everyone is told. */
  answer?: readonly string[];
}

export interface RouteMarks {
  takesLines?: boolean;
  takesForm?: boolean;
  isStream?: boolean;
  waitsForOthers?: boolean;
  deprecated?: readonly Deprecation[];
}

/** The marks of a handler of a controller. */
export const marksOfHandler = (handler: object): RouteMarks =>
  (Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler) as RouteMarks | undefined) ?? {};

/** What hooks know of a route before its controller runs. */
export const mark =
  (marks: RouteMarks): MethodDecorator =>
  (target, name, descriptor) =>
    RouteConfig({ ...marksOfHandler(descriptor.value as object), ...marks })(target, name, descriptor);

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
