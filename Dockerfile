# One static binary, certificates to trust, an unprivileged user, and nothing else.
#
#   docker build --build-arg VERSION=$(git describe --tags --always) -t onramp .
#   docker run --rm -v onramp:/var/lib/onramp onramp account add 123456789012 --offline
#   docker run -d -v onramp:/var/lib/onramp -p 7224:7224 onramp
#
# It listens to the network, so that it does not start before an account is configured. The operator's API stays within the
# container: docker exec CONTAINER onramp order list. Routers, settings: ONRAMP_... in the environment.

FROM golang:1.26-bookworm AS build
ARG VERSION=unknown
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.release=${VERSION}" -o /out/usr/bin/onramp ./cmd/onramp \
 && install -d -m 0700 /out/var/lib/onramp && install -d -m 1777 /out/tmp \
 && install -D -m 0644 /etc/ssl/certs/ca-certificates.crt /out/etc/ssl/certs/ca-certificates.crt \
 && install -d /out/etc && echo 'onramp:x:65532:65532::/var/lib/onramp:/' > /out/etc/passwd && echo 'onramp:x:65532:' > /out/etc/group \
 && chown -R 65532:65532 /out/var/lib/onramp

FROM scratch
COPY --from=build /out /
USER 65532:65532
ENV ONRAMP_DATA=/var/lib/onramp ONRAMP_LISTEN=0.0.0.0:7224 ONRAMP_LOG_FORMAT=json
VOLUME /var/lib/onramp
EXPOSE 7224
# There is no shell or curl here: the verb asks the operator's API, with the token of the data folder.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["/usr/bin/onramp", "clock"]
ENTRYPOINT ["/usr/bin/onramp"]
CMD ["serve"]
