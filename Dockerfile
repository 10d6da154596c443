# Both stages use this image. A tag moves; the digest that was reviewed does not. It must be asked of a registry:
#   docker buildx imagetools inspect node:24-slim --format '{{.Manifest.Digest}}'
#   docker build --build-arg NODE_IMAGE=node:24-slim@sha256:… .
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Without the test kit: the service needs nothing of it.
COPY web/package.json web/
COPY packages/client/package.json packages/client/
# No dependency may run a script while the image is built: what is built here needs none of them.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json nest-cli.json .swcrc ./
COPY src src
COPY web web
COPY packages/client packages/client
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/web/dist web/dist
COPY openapi.json ./
USER node
EXPOSE 3000
# Alive, not ready: a database that is away is no reason to restart. `fetch` because the image has no curl.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm: SIGTERM must reach the service itself.
CMD ["node", "--enable-source-maps", "dist/main.js"]
