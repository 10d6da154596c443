import fastifyCompress from '@fastify/compress';
import type { FastifyInstance } from 'fastify';

/** Shorter answers gain less than the work costs. */
const worthItBytes = 1024;

/** Text that is made for each request. The console's files are compressed when they are built; exports are streamed line by line. */
const compressible = /^(application\/(problem\+)?json|text\/(html|css|javascript))\s*(;|$)/i;

/**
 * Compresses answers for clients that accept it; must be called before routes are added. Request bodies stay uncompressed: a small
 * one could unpack to any size.
 */
export async function compressAnswers(fastify: FastifyInstance): Promise<void> {
  await fastify.register(fastifyCompress, {
    encodings: ['br', 'gzip'],
    threshold: worthItBytes,
    customTypes: compressible,
    globalDecompression: false,
  });
}
