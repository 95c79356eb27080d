"""Describes a procedure to search engines in the vocabulary of schema.org."""

from __future__ import annotations

from typing import Any

from assistant.replies import wording
from knowledge_base.schema import FeeState, Method, Procedure


def describe_for_engines(record: Procedure, url: str, base: str, field_url: str) -> dict[str, Any]:
    """Makes the structured data of a procedure's page.

    Args:
        record: The procedure; nothing is said that it does not state.
        url: Address of the page.
        base: Address of this server.
        field_url: Address of the page of its field, without the server.
    """
    service: dict[str, Any] = {
        "@type": "GovernmentService",
        "@id": f"{url}#dich-vu",
        "name": record.title,
        "identifier": record.code,
        "serviceType": record.field,
        "url": url,
        "inLanguage": "vi",
        "areaServed": {"@type": "Country", "name": "Việt Nam"},
        "sameAs": record.provenance.source,
    }
    if record.name != record.title:
        service["alternateName"] = record.name
    if record.purpose:
        service["description"] = record.purpose
    agency = record.executing_agency or record.competent_agency
    if agency:
        service["provider"] = {"@type": "GovernmentOrganization", "name": agency}
    if record.audience:
        service["audience"] = [
            {"@type": "Audience", "audienceType": wording.AUDIENCES[one]}
            for one in record.audience
            if one in wording.AUDIENCES
        ]
    channels = [_channel(method, record) for method in dict.fromkeys(_methods(record))]
    if channels:
        service["availableChannel"] = channels
    offers = [
        {
            "@type": "Offer",
            "price": str(fee.amount or 0),
            "priceCurrency": fee.currency,
            **({"description": fee.case or fee.name} if fee.case or fee.name else {}),
        }
        for fee in record.fees
        if fee.state in {FeeState.AMOUNT, FeeState.FREE} and fee.amount_max is None
    ]
    if offers:
        service["offers"] = offers
    crumbs = [("Thủ tục", f"{base}/thu-tuc"), (record.field, base + field_url), (record.title, url)]
    trail = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address}
            for place, (name, address) in enumerate(crumbs, start=1)
        ],
    }
    return {"@context": "https://schema.org", "@graph": [service, trail]}


def _methods(record: Procedure) -> list[Method]:
    return [submission.method for submission in record.submissions]


def _channel(method: Method, record: Procedure) -> dict[str, Any]:
    channel: dict[str, Any] = {"@type": "ServiceChannel", "name": wording.METHODS[method]}
    links = [s.link for s in record.submissions if s.method is method and s.link]
    if links and method is Method.ONLINE:
        channel["serviceUrl"] = links[0]
    places = [s.place for s in record.submissions if s.method is method and s.place]
    if places and method is Method.IN_PERSON:
        channel["serviceLocation"] = {"@type": "Place", "name": places[0]}
    return channel
