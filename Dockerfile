# Built without cgo, so the binary runs on an image that holds nothing else.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY main.go ./
COPY bot bot
COPY adapters adapters
COPY commands commands
COPY deploy/licences deploy/licences
COPY deploy/tools.mod deploy/tools.sum deploy/
ARG VERSION=dev
ARG COMMIT=
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION} -X main.commit=${COMMIT}" -o /out/communitybot . \
 && mkdir -p /out/data
# What the program is made of, for those who run it, and the licences that go along with it.
RUN go tool -modfile=deploy/tools.mod cyclonedx-gomod bin -json -std -licenses -version ${VERSION} -output /out/communitybot.cdx.json /out/communitybot \
 && go run ./deploy/licences -texts > /out/licences.txt

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/communitybot /communitybot
COPY --from=build /out/communitybot.cdx.json /out/licences.txt /
COPY --from=build --chown=nonroot:nonroot /out/data /data
ENV DATABASE_URL=sqlite:/data/communitybot.db
VOLUME /data
EXPOSE 8080
USER nonroot
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["/communitybot", "health"]
ENTRYPOINT ["/communitybot"]
CMD ["serve"]
