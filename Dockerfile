FROM node:24-trixie-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build
# The image has a runtime of its own; other optional packages hold what sharp decodes pictures with.
RUN npm prune --omit=dev && rm -rf node_modules/node-linux-* node_modules/.bin/node

FROM node:24-trixie-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 FILES_URL=/data/files MAIL_DIR=/data/mail
RUN mkdir -p /data/files && chown -R node:node /data
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist/core ./dist/core
COPY --from=build /app/dist/api ./dist/api
COPY --from=build /app/dist/workers ./dist/workers
COPY --from=build /app/web/build ./web/build
COPY --from=build /app/dev/role.mjs ./dev/role.mjs
USER node
VOLUME /data
EXPOSE 4000
ENTRYPOINT ["node", "--enable-source-maps", "dev/role.mjs"]
CMD ["api"]
