# Built without cgo, so the binary runs on an image that holds nothing else.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY main.go ./
COPY bot bot
COPY adapters adapters
COPY commands commands
ARG VERSION=dev
ARG COMMIT=
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION} -X main.commit=${COMMIT}" -o /out/communitybot . \
 && mkdir -p /out/data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/communitybot /communitybot
COPY --from=build --chown=nonroot:nonroot /out/data /data
ENV DATABASE_URL=sqlite:/data/communitybot.db
VOLUME /data
EXPOSE 8080
USER nonroot
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["/communitybot", "health"]
ENTRYPOINT ["/communitybot"]
CMD ["serve"]
