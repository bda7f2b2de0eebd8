"""Pagination of every list in the API."""

from rest_framework.pagination import PageNumberPagination


class StandardPagination(PageNumberPagination):
    """Pages of 25; a client may ask for up to 200."""

    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 200
