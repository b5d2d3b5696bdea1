# The audit alone, for any scheduler of containers: docs/image.md.
#   docker build --tag altr-export .
# A tag moves. Releases record in their provenance which digests were taken; to build from one, give it:
#   docker build --build-arg NODE_IMAGE=node:24-slim@sha256:… --tag altr-export .
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /kit
COPY . .
RUN npm ci --no-audit --no-fund && node scripts/image-tree.mjs /image

# The bundle holds all that a check needs: neither sources nor node_modules.
FROM ${NODE_IMAGE}
COPY --from=build /image/ /
WORKDIR /work
# A number, so that Kubernetes can see that it is not root.
USER 1000:1000
# The SDK looks for .aws there. Set, so that it also runs as a user whom the image doesn't know, such as OpenShift's.
ENV HOME=/work
ENTRYPOINT ["node", "/kit/bin/altr-export.js"]
CMD ["check"]
