import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { collectDefaultMetrics, Gauge, register } from 'prom-client';
import { Settings } from '../config/settings.js';
import { acrossTeams } from '../database/scope.js';
import { describeError } from '../describe-error.js';
import { Gauges } from './gauges.js';
import { registered } from '../registered.js';

/**
 * `GET /metrics` on a port of its own (`METRICS_PORT`), for a Prometheus inside the operator's network. Only this machine reaches it
 * unless METRICS_HOST is set.
 */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('metrics');
  private server: Server | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly discovery: DiscoveryService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { metricsPort, metricsHost } = this.settings;
    if (metricsPort === null) return;
    // One registry for the process, even if several services run in it (in tests).
    if (!register.getSingleMetric('process_cpu_seconds_total')) collectDefaultMetrics();
    const gauges = this.gauges();
    this.server = createServer((request, response) => {
      if (request.method !== 'GET' || request.url !== '/metrics') return void response.writeHead(404).end();
      this.answer(gauges).then(
        (text) => response.writeHead(200, { 'content-type': register.contentType }).end(text),
        (error: unknown) => {
          this.log.warn(`the metrics could not be read: ${describeError(error)}`);
          response.writeHead(503).end();
        },
      );
    });
    this.server.listen(metricsPort, metricsHost);
    await once(this.server, 'listening');
  }

  /** The port it listens on; null when it does not listen. */
  get port(): number | null {
    const address = this.server?.address();
    return typeof address === 'object' ? (address?.port ?? null) : null;
  }

  async onApplicationShutdown(): Promise<void> {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  private async answer(gauges: Gauges[]): Promise<string> {
    for (const one of gauges) {
      const figures = await acrossTeams('operator', () => one.read());
      for (const [name, help] of Object.entries(one.meanings)) {
        const [label, former] = [one.labels[name], one.formerNames[name]];
        show(name, help, label, figures[name] ?? 0);
        if (former !== undefined) show(former, `The former name of ${name}, until 0.9`, label, figures[name] ?? 0);
      }
    }
    return register.metrics();
  }

  private gauges(): Gauges[] {
    return registered(this.discovery, Gauges);
  }
}

function show(name: string, help: string, label: string | undefined, figure: number | Record<string, number>): void {
  const labelNames = label === undefined ? [] : [label];
  const gauge = (register.getSingleMetric(name) as Gauge | undefined) ?? new Gauge({ name, help, labelNames });
  if (typeof figure === 'number') return gauge.set(figure);
  // Label values that no longer exist must disappear.
  gauge.reset();
  for (const [value, one] of Object.entries(figure)) gauge.set({ [label ?? 'of']: value }, one);
}
